# What people are told, on the page and by mail.
notice-title = Benachrichtigungen
notice-none = Noch nichts. Hier steht künftig, was Sie über Bestellungen, Keys und Ihr Konto wissen müssen.
notice-read-all = Alle als gelesen markieren
notice-all-read = Alles ist als gelesen markiert.
notice-older = Ältere Benachrichtigungen
notice-new = Neu
notice-open = Öffnen
notice-what-is-mailed = Festlegen, was Sie per E-Mail erhalten

# The kinds: what stands above each, and is the subject of its mail.
notice-kind-order-placed = Bestellung aufgegeben
notice-kind-keys-waiting = Eine Bestellung wartet auf Product Keys
notice-kind-invoice-ready = Rechnung oder Rechnungskorrektur ausgestellt
notice-kind-renewal-failed = Abonnement nicht verlängert
notice-kind-window-closing = Stornierungsfrist endet bald
notice-kind-order-cancelled = Bestellung storniert
notice-kind-request-answered = Ihre Anfrage wurde beantwortet
notice-kind-sign-in-new-place = Anmeldung von einem neuen Ort
notice-kind-stock-low = Nur noch wenige Product Keys
notice-kind-request-filed = Neue Anfrage eines Partners

# The sentences.
notice-order-placed = { $customer }: Bestellung { $order } wurde aufgegeben ({ $product }).
notice-keys-waiting = { $customer }: Bestellung { $order } wartet, weil kein Product Key vorrätig ist ({ $product }). Sobald Keys eintreffen, geht es von selbst weiter.
notice-invoice-ready = Rechnung { $number } für { $month } wurde ausgestellt.
notice-credit-note-ready = Rechnungskorrektur { $number } für { $month } wurde ausgestellt.
notice-renewal-failed = { $customer }: { $product } endete am { $ended } und wurde nicht verlängert, weil { $why ->
    [term] es zu diesen Bedingungen nicht mehr verkauft wird
    [quantity] diese Menge nicht mehr verkauft wird
    [sale] es dort keinen Preis hat
   *[rules] es für diesen Kunden nicht mehr gekauft werden darf
}. { $final ->
    [yes] Es ist endgültig beendet.
   *[no] Bis zum { $until } wird es jeden Tag erneut versucht.
}
notice-window-closing = { $customer }: Bestellung { $order } kann bis { $closes } storniert werden.
notice-order-cancelled = { $customer }: Bestellung { $order } wurde ganz oder teilweise storniert ({ $product }).
notice-request-answered = Der Betreiber hat Ihre Anfrage „{ $title }“ beantwortet.
notice-sign-in-new-place = Jemand hat sich von { $address } aus als Sie angemeldet ({ $browser }). Wenn Sie das nicht waren, beenden Sie die Sitzung und ändern Sie Ihr Passwort.
notice-stock-low = { $left ->
    [one] Für { $product }, Version { $version }, ist noch { $left } Product Key vorrätig.
   *[other] Für { $product }, Version { $version }, sind noch { $left } Product Keys vorrätig.
}
notice-request-filed = { $partner } fragt an: { $title }

# Mails.
mail-open = In Chandlery öffnen
mail-when = Zeitpunkt: { $at }
mail-preferences = Festlegen, welche E-Mails Sie erhalten
mail-reset-subject = Neues Passwort festlegen
mail-reset-asked = Jemand, wahrscheinlich Sie, hat ein neues Passwort für { $name } angefordert.
mail-reset-open = Neues Passwort wählen
mail-reset-life = Der Link gilt einmal und 30 Minuten lang.
mail-reset-ignore = Wenn Sie das nicht angefordert haben, brauchen Sie nichts zu tun: Ihr Passwort bleibt, wie es ist.

# One's own settings.
settings-title = Meine Einstellungen
settings-saved = Ihre Einstellungen sind gespeichert.
settings-reading = Sprache und Zeit
settings-language = Sprache
settings-language-browser = Wie im Browser eingestellt
settings-zone = Zeitzone
settings-zone-hint = Zum Beispiel Europe/Berlin. Lassen Sie das Feld leer, um die Ihres Browsers zu verwenden.
settings-zone-wrong = Diese Zeitzone gibt es nicht. Wählen Sie eine aus der Liste, etwa Europe/Berlin.
settings-example = Eine Zeitangabe sieht dann so aus: { $time }
settings-show-example = Beispiel anzeigen
settings-mails = E-Mails
settings-mails-hint = Auf ihrer Seite stehen Benachrichtigungen in jedem Fall. Welche möchten Sie auch per E-Mail erhalten?
settings-mails-none = Diese Installation versendet keine E-Mails. Ihre Wahl gilt, sobald sie es tut.
settings-mails-always = zu Ihrer Sicherheit immer an
settings-no-address = Ihr Anmeldename ist keine E-Mail-Adresse, daher erreicht Sie keine E-Mail.
notice-kind-payment-late = Rechnung überfällig
notice-payment-late = Rechnung { $number } war am { $due } fällig; davon sind { $open } offen.
