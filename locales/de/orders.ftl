# Orders, cancelling, subscriptions and the renewal calendar.
orders-billing = Abrechnung
orders-none-found = Keine Bestellung hat diese Nummer oder diese Abrechnung.
order-title = Bestellung { $number }
order-id = Bestell-ID
order-po-number = Bestellnummer des Kunden
order-lines = Positionen der Bestellung
order-happened = Was geschah
order-charges = Belastungen und Gutschriften
charge-number = Nummer
charge-kind = Für
charge-booked = Gebucht am
charge-balance = Saldo
tax-in-it = inklusive Steuer
tax-not-in-it = ohne Steuer
terms-none = Lässt sich hier nicht stornieren.
terms-over = War stornierbar bis { $closed }.
terms-open = Stornierbar bis { $until }.
event-placed = Bestellung aufgegeben
event-provisioned = { $title }: bereitgestellt
event-cancelled = { $title }: storniert
event-key-assigned = { $title }: Schlüssel der Version { $version } zugeteilt
event-key-revealed = { $title }: Schlüssel der Version { $version } erstmals geöffnet
event-key-revoked = { $title }: Schlüssel der Version { $version } widerrufen
event-link = { $title }: Downloadlink erstellt
event-link-revoked = { $title }: Downloadlink widerrufen
event-downloaded = { $count ->
    [one] { $title }: erster Download über diesen Link (bisher { $count })
   *[other] { $title }: erster Download über diesen Link (bisher { $count })
}
event-credited = { $amount } gutgeschrieben
credit-full = 100 % von { $unit } × { $quantity } = { $amount }
credit-policy = Regel: { $family }, in Kraft seit { $from }.
credit-prorated = { $unit } ÷ { $whole } Tage × { $part } nicht genutzte Tage = { $exact }, abgeschnitten auf { $cut }; × { $quantity } = { $amount }
credit-number = Gutschrift Nummer { $number }

# The dialog that cancels.
cancel-title = { $title } stornieren
cancel-have-ready = Worum es geht
cancel-order-history = Bestell-IDs und Einzelheiten stehen im Bestellverlauf.
cancel-lines = Zu stornierende Positionen
cancel-show = Diese Bestellung anzeigen
cancel-more-information = Brauchen Sie weitere Informationen?
cancel-support-request = Stellen Sie eine Supportanfrage für den Kunden
cancel-exception = Gilt hier etwas anderes? Stellen Sie eine Supportanfrage für den Kunden.
cancel-days-left = Noch { $days }, um diese Bestellung zu stornieren.
cancel-credit = Gutschrift
cancel-credit-total = Gutschrift insgesamt
cancel-next-invoice = Die Gutschrift erscheint auf der nächsten Monatsrechnung, der für { $month }, oder auf einer Rechnungskorrektur, die mit ihr kommt. Für die vorzeitige Beendigung fällt keine Gebühr an.
cancel-important = Wichtig:
cancel-important-text = Mit der Stornierung werden alle Product Keys und Downloadlinks dieses Kaufs sofort widerrufen, für Sie und für den Kunden. Sie und der Kunde müssen die Software außer Gebrauch nehmen, sie deinstallieren und alle Downloads und Links löschen.
cancel-acknowledge = Ich habe den Hinweis „Wichtig“ gelesen; wir und der Kunde tun, was darin steht.
cancel-keep = Kauf behalten
cancel-tick-first = Haken Sie an, dass Sie den Hinweis „Wichtig“ gelesen haben, und wählen Sie dann „Absenden“.
cancel-credit-changed = Die Gutschrift ist inzwischen eine andere, weil ein Tag zu Ende ging oder sich etwas an der Bestellung geändert hat. Unten steht, wie hoch sie jetzt ist.
cancel-waits-for = Über die Anfrage { $number } von { $name }, gestellt am { $at }, ist noch nicht entschieden.
cancel-withdraw-lead = Ziehen Sie sie zurück, dann lässt sich die Bestellung stornieren, als hätte niemand gefragt. Die Anfrage wird geschlossen; wer sie gestellt hat, wird benachrichtigt.
cancel-withdraw = Anfrage zurückziehen
cancelled-title = Der Kauf ist storniert
cancelled-lead = Bestellung { $order } wurde storniert.
cancelled-effects = Schlüssel und Downloadlinks sind widerrufen. Der Artikel bleibt unter „Software“ stehen, ohne seinen Schlüssel.
cancelled-delay = Das ist hier sofort überall zu sehen; andere Systeme brauchen bis zu 15 Minuten.

# Subscriptions and their renewal.
subscriptions-none = Es gibt noch kein Abonnement.
subscription-saved = Das Abonnement wurde gespeichert.
subscription-name = Name
subscription-name-wrong = Geben Sie dem Abonnement einen Namen mit höchstens 256 Zeichen.
subscription-term = Laufzeit und Abrechnung
subscription-period = Läuft
subscription-renewal = Danach
subscription-renews = Verlängert sich automatisch
subscription-ends = Endet
subscription-order = Zur Bestellung
subscription-change = Name oder Verlängerung ändern
subscription-auto-renew = Am Ende der Laufzeit automatisch verlängern
renewals-title = Verlängerungskalender
renewals-none = Innerhalb eines Jahres endet keine Laufzeit.
renewals-day = Letzter Tag
renewals-feed = Kalenderfeed
renewals-feed-lead = Ein Kalenderprogramm kann diese Tage anzeigen: Geben Sie ihm eine eigene Adresse, die sonst niemand kennt.
renewals-feed-make = Adresse erstellen
renewals-feed-again = Andere Adresse erstellen (die bisherige gilt dann nicht mehr)
renewals-feed-made = Tragen Sie diese Adresse in Ihr Kalenderprogramm ein. Sie wird nur dieses eine Mal angezeigt. Wer sie hat, kann den Kalender lesen.
renewals-feed-address = Adresse
renewals-feed-copy = Adresse kopieren
renewals-renews = Verlängert sich: { $title } ({ $quantity }), { $customer }
renewals-ends = Endet: { $title } ({ $quantity }), { $customer }
