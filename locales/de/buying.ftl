# The catalogue, the cart and buying.
products-category = Kategorie
products-azure = Azure
products-online = Onlinedienste
products-software = Software
products-cart = { $count ->
    [0] Warenkorb: leer
    [one] Warenkorb überprüfen: { $count } Position
   *[other] Warenkorb überprüfen: { $count } Positionen
}
products-agree-later = Sie können den Warenkorb schon füllen und die Vereinbarung dort bestätigen.
products-no-online = In diesem Katalog gibt es keine Onlinedienste.
products-find = Name oder ID enthält
products-type = Typ
products-segment = Segment
products-publisher = Hersteller
products-view = Ansicht
products-by-sku = Nach SKU
products-by-product = Nach Produkt
products-show = Anzeigen
products-none = In diesem Katalog passt nichts dazu.
products-not-here = Kann für diesen Kunden nicht gekauft werden:
products-no-price = Kein Preis für den Markt { $market }.
products-sold = Hier verkauft
products-sold-here = Nur was in diesem Markt einen Preis hat
products-azure-first = Reservierungen gelten für ein Azure-Abonnement, das dafür registriert ist. Dieser Kunde hat noch keines:
products-way = Laufzeit und Abrechnung
products-add = In den Warenkorb
products-added = Es liegt im Warenkorb.
products-add-wrong = Wählen Sie eine Laufzeit, und geben Sie als Menge eine ganze Zahl an.
unavailable-important = Wichtig
unavailable-here = In diesem Markt können keine Azure-Reservierungen gekauft werden: { $market }.
unavailable-where = In { $count } Märkten können keine Azure-Reservierungen gekauft werden. Märkte anzeigen
unavailable-caption = Die Märkte in alphabetischer Reihenfolge; lesen Sie jede Spalte von oben nach unten.
unavailable-column = { $first } bis { $last }
unavailable-alphabet-begin = A
unavailable-alphabet-end = Z
cart-title = Überprüfen
cart-empty = Der Warenkorb ist leer.
cart-quantity-of = Menge von { $title }
cart-po-number = Bestellnummer des Kunden (optional)
cart-po-hint = Die eigene Nummer des Kunden für diesen Kauf. Sie steht auf der Bestellung und auf der Rechnung.
cart-update = Aktualisieren
cart-saved = Der Warenkorb wurde gespeichert.
cart-stale = Der Warenkorb hat sich inzwischen geändert, in einem anderen Fenster oder weil er gekauft wurde. Unten steht, was jetzt darin liegt.
cart-changed = Die Mengen wurden geändert. Sehen Sie sich die neuen Beträge an, und wählen Sie dann „Kaufen“.
cart-unreadable = Eine Menge ist keine ganze Zahl, oder die Bestellnummer des Kunden ist länger als 50 Zeichen. Der Warenkorb wird angezeigt, wie er war.
cart-who-attests = Ein Administrator-Agent oder Vertriebs-Agent Ihres Unternehmens kann sie bestätigen.
cart-buy-lead = Mit dem Kauf bestätigen Sie, dass Sie den Betrag schulden; er steht auf der nächsten Monatsrechnung. Bei jeder Position oben steht, wie sie storniert werden kann.
cart-never-back = Mir ist bekannt, dass Pläne für SUSE und Red Hat nie storniert, umgetauscht oder erstattet werden und dass ungenutzte Zeit verfällt.
cart-go-on = Weitere Produkte hinzufügen
terms-full = Stornierbar bis { $until }. Der ganze Betrag (100 %) wird auf der nächsten Monatsrechnung gutgeschrieben.
terms-prorated = Stornierbar bis { $until }. Die nicht genutzten Tage werden auf der nächsten Monatsrechnung gutgeschrieben.
terms-request = Lässt sich hier nicht stornieren. Umtausch und Erstattung laufen über eine Supportanfrage.
terms-never = <strong>Stornierung, Umtausch und Erstattung sind nicht möglich.</strong> <a href="/help/linux-plans">Warum?</a>
bought-title = Vielen Dank. Die Bestellung ist aufgegeben.
bought-lead = { $count ->
    [one] Eine Bestellung wurde aufgegeben. Sie erscheint sofort im Bestellverlauf.
   *[other] { $count } Bestellungen wurden aufgegeben. Sie erscheinen sofort im Bestellverlauf.
}
bought-missing = Diese Positionen konnten nicht gekauft werden:
bought-software = Schlüssel und Downloads abrufen
cart-prices-changed = Ein Preis oder eine Position hat sich geändert, seit diese Seite angezeigt wurde. Es wurde nichts gekauft. Prüfen Sie die Beträge unten und klicken Sie dann auf „Kaufen“.
products-onward = Wie es weitergeht
