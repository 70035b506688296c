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
