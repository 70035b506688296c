## Invoices and credit notes
way-billing = Abrechnung
documents-none = Es wurde noch nichts abgerechnet. Ein Monat wird in den ersten Tagen des nächsten abgerechnet.
documents-owed = Bisher abgerechnet, abzüglich Rechnungskorrekturen:
documents-older = Ältere Dokumente
document-number = Nummer
document-what = Dokument
document-month = Monat
document-issued = Ausgestellt
document-due = Fällig
document-gross = Gesamtbetrag
document-net = Netto
document-tax = Steuer
document-amends = Berichtigt
document-seller = Von
document-buyer = An
document-sums = Summen
document-on = auf { $sum }
document-how = So kommt das zustande
document-lines = Positionen
document-file = Abstimmungsdatei (CSV)
document-kind-invoice = Rechnung
document-kind-credit-note = Rechnungskorrektur
document-how-added = { $rate } von { $sum }, einmal für alle so besteuerten Zeilen berechnet und kaufmännisch gerundet, sind { $tax }. { $count ->
    [one] Die eine Position trägt sie.
   *[other] Die { $count } Positionen tragen sie zusammen auf den Cent.
}
document-how-included = In { $sum } sind { $rate } Steuer enthalten: geteilt durch (1 + Satz) ergibt sich der Nettobetrag, { $tax } sind Steuer, einmal berechnet und kaufmännisch gerundet.
document-how-credited = Gutschriften über { $sum } geben { $tax } zurück, den Anteil der Steuer, mit der ihre Belastungen abgerechnet wurden.
document-reverse-charge = Steuerschuldnerschaft des Leistungsempfängers
document-exempt = Befreit durch Bescheinigung { $number }
document-out-of-scope = Hier nicht steuerbar
document-vat = USt.
documents-to-pay = Zu zahlen:
documents-late = davon { $sum } überfällig
documents-settled = Nichts ist zu zahlen.
document-payments = Zahlungen
document-open = Offen
document-settled-payment = Zahlung { $reference }, { $day }
document-settled-credit = Guthaben aus { $number }, { $day }
document-state-open = offen
document-state-overdue = überfällig
document-state-paid = beglichen
document-state-credit = noch nicht verrechnet
document-state-used = verrechnet
document-files = Dateien
document-pdf = PDF-Datei
document-pdf-hint = Zum Lesen, Drucken und Aufbewahren. Wo das Dokument eine elektronische Rechnung sein kann (Factur-X, ZUGFeRD), liegt sie darin.
document-peppol = Elektronische Rechnung (Peppol BIS)
document-peppol-hint = XML für Buchhaltungsprogramme.
document-xrechnung = Elektronische Rechnung (XRechnung)
document-xrechnung-hint = XML für öffentliche Auftraggeber in Deutschland.
document-file-hint = Jede Zeile mit 46 Spalten, für eigene Auswertungen.

## Das gedruckte Dokument
paper-terms = Zahlungsbedingungen
paper-vat-id = USt-IdNr.
paper-tax-number = Steuernummer
paper-registration = Registernummer
paper-po = Ihre Bestellung
paper-line-po = Ihre Bestellung { $number }
paper-order = Bestellung { $number }
paper-reference = Ihr Zeichen
paper-amended = { $number } vom { $date }
paper-description = Beschreibung
paper-unit-price = Einzelpreis
paper-amount = Betrag
paper-tax-on = { $tax } auf { $net }
paper-tax-total = Steuer insgesamt
paper-paid = Bezahlt
paper-to-pay = Zu zahlen
paper-to-credit = Ihnen gutgeschrieben
paper-bank = Bankverbindung
paper-holder = Kontoinhaber
paper-payment-reference = Verwendungszweck
paper-scan = Mit der Banking-App scannen und zahlen
paper-notes = Anmerkungen
paper-page = Seite { $page } von { $pages }
paper-charges = { $count ->
    [one] Eine Belastung
   *[other] { $count } Belastungen
}
paper-credits = { $count ->
    [one] Eine Gutschrift
   *[other] { $count } Gutschriften
}
paper-lines-elsewhere = Dieses Dokument hat mehr Zeilen, als einzeln gedruckt werden. Sie stehen in seiner Abstimmungsdatei, deren Spalte Total denselben Betrag ergibt.

## Wer auf Rechnungen steht, und einen Monat abrechnen
way-tax = Steuerdaten
way-seller = Rechnungssteller
way-invoices = Rechnungen
tax-lead = So steht Ihr Unternehmen auf seinen Rechnungen, und danach wird es besteuert. Eine Änderung gilt ab dem ersten Tag eines Monats; ausgestellte Dokumente bleiben, wie sie sind.
tax-lead-seller = Von hier kommen die Rechnungen. Ausgestellte Dokumente bleiben, wie sie sind.
tax-later = Für später angegeben
tax-saved = Gespeichert.
tax-name = Firma
tax-line = Anschrift
tax-line2 = Anschrift, zweite Zeile (optional)
tax-line3 = Anschrift, dritte Zeile (optional)
tax-postal-code = Postleitzahl
tax-city = Ort
tax-country = Land
tax-region = Bundesstaat oder Provinz
tax-region-optional = Bundesstaat oder Provinz nach ISO 3166-2, zum Beispiel CA-QC (wo die Steuer davon abhängt)
tax-tax-id = Steuernummer
tax-tax-id-optional = Steuernummer; in der Europäischen Union die USt-IdNr. (optional)
tax-registration = Registernummer
tax-registration-optional = Registernummer (optional)
tax-contact = Ansprechperson oder Abteilung
tax-contact-optional = Ansprechperson oder Abteilung (optional)
tax-email = E-Mail-Adresse
tax-email-optional = E-Mail-Adresse (optional)
tax-phone = Telefonnummer
tax-phone-optional = Telefonnummer (optional)
tax-reference = Ihr Zeichen
tax-reference-optional = Ihr Zeichen; bei öffentlichen Auftraggebern in Deutschland die Leitweg-ID (optional)
tax-electronic-address = Elektronische Adresse
tax-electronic-address-optional = Elektronische Adresse, zum Beispiel 0088:4012345000009 (optional)
tax-iban = Die IBAN
tax-iban-optional = IBAN, auf die gezahlt wird (optional)
tax-bic = Der BIC
tax-bic-optional = BIC der Bank (optional)
tax-from = Gilt ab
tax-from-beginning = von Anfang an
tax-choose = Land auswählen
run-title = Einen Monat abrechnen
run-hint = Jeder Partner wird für den Monat abgerechnet, in jeder Währung mit einem eigenen Dokument. Noch einmal gestartet, wird ausgestellt, was übrig ist, und nichts zweimal.
run-seller = Rechnungen kommen von
run-seller-change = Ändern
run-seller-say = Angeben, von wem die Rechnungen kommen
run-look = Ansehen, was ausgestellt würde
run-bill = Ausstellen
run-running = Der Monat wird abgerechnet
run-begins = Die Partner werden gezählt.
run-partners = { $taken } von { $rows } Partnern
run-goes-on = Sie können die Seite verlassen und zurückkommen. Was ausgestellt ist, bleibt ausgestellt.
run-busy = Dieser Server rechnet gerade einen Monat ab. Versuchen Sie es gleich noch einmal.
run-no-month = Wählen Sie einen Monat.
run-no-seller = Niemand hat angegeben, von wem die Rechnungen kommen. Holen Sie das zuerst nach.
run-not-over = Dieser Monat ist noch nicht vorbei: Er kann ab { $from } abgerechnet werden.
run-elsewhere = Dieser Monat wurde anderswo abgerechnet: Hier beginnt die Abrechnung später.
run-would = { $month }: { $count ->
    [one] ein Dokument würde ausgestellt
   *[other] { $count } Dokumente würden ausgestellt
}
run-did = { $month }: { $count ->
    [one] ein Dokument wurde ausgestellt
   *[other] { $count } Dokumente wurden ausgestellt
}
run-held = zurückgestellt
run-held-title = Zurückgestellt
run-failed = fehlgeschlagen
run-failed-hint = Warum, steht im Protokoll des Servers. Rechnen Sie den Monat noch einmal ab.
held-profile-missing = Niemand hat angegeben, wer der Partner für die Steuer ist. Das tut der Partner unter Steuerdaten.
held-rate-missing = Es ist kein Steuersatz bekannt ({ $facts }). Tragen Sie ihn mit chandlery invoice rates ein.
held-earlier-month-open = Ein früherer Monat wurde nicht abgerechnet ({ $facts }). Rechnen Sie zuerst den ab; ist er abgeschlossen, öffnen Sie ihn vorher wieder.
documents-credit-left = Kreditrahmen
documents-credit-of = noch { $available } von { $limit }
documents-credit-none = es kann nichts Neues gekauft werden, bis etwas bezahlt ist
document-json = Zeilen als JSON
document-json-hint = Dasselbe für Programme: ein Objekt in jeder Zeile.
document-sum-file = Prüfsumme (SHA-256)

way-margins = Margen und Preislisten
margin-lead = Was Sie von Ihren Kunden mehr verlangen, als Sie zahlen. Ab dann wird jede Belastung und jede Gutschrift im selben Augenblick auch zum Preis des Kunden gebucht; was vorher gebucht wurde, bleibt.
margin-none = Zurzeit gilt keine Marge. Für Ihre Kunden wird nichts gebucht.
margin-none-here = Für diesen Kunden wurde in diesem Monat keine Marge berechnet.
margin-for = Kunde
margin-everybody = Alle
margin-over = Wofür
margin-over-all = Alles
margin-kind = Preis
margin-kind-percent = Prozent auf Ihren Preis
margin-kind-fixed = Betrag auf Ihren Preis, je Stück
margin-kind-price = Eigener Preis, je Stück
margin-is-percent = Ihr Preis und { $percent }
margin-is-rebate = Ihr Preis weniger { $percent }
margin-is-fixed = Ihr Preis und { $amount } je Stück
margin-is-price = { $amount } je Stück
margin-floor = Mindestens
margin-floor-optional = Mindestens, je Stück (optional)
margin-until = Bis
margin-end = Beenden
margin-ended = Sie gilt nicht mehr. Was mit ihr gebucht wurde, bleibt.
margin-add = Marge hinzufügen
margin-add-for = Marge für { $name } hinzufügen
margin-add-do = Hinzufügen
margin-added = Sie gilt ab ihrem ersten Tag.
margin-hint = Die Marge eines Kunden geht vor der für alle, dann die engere, dann die spätere. Ein Betrag oder Preis gilt je Stück und Belastung: für einen Monat, wo monatlich gezahlt wird. Was unter keine Regel fällt, wird zu Ihrem eigenen Preis gebucht.
margin-hint-customer = Für einen einzelnen Kunden beginnen Sie bei dessen Abrechnung.
margin-product = Nur dieses Produkt oder diese SKU, etwa DG7GMGF0FKZV oder DG7GMGF0FKZV:0002 (optional)
margin-product-wrong = Geben Sie die ID eines Produkts oder einer SKU an, etwa DG7GMGF0FKZV oder DG7GMGF0FKZV:0002.
margin-value = Prozent oder Betrag je Stück
margin-currency = Währung der Beträge
margin-currency-wrong = Geben Sie einen Währungscode aus drei Buchstaben an, etwa EUR.
margin-percent-wrong = Geben Sie einen Prozentsatz von { $least } bis { $most } mit höchstens vier Nachkommastellen an.
margin-amount-wrong = Geben Sie einen Betrag ab 0 an, etwa 12,50.
margin-day-wrong = Geben Sie einen Tag an.
margin-earned = Was bei Ihnen bleibt
margin-you-owe = Sie schulden
margin-customer-owes = Der Kunde schuldet Ihnen
margin-stays = Marge
margin-file = Monat als Datei
