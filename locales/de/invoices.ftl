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
document-net = Vor Steuer
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
document-how-added = { $rate } von { $sum }, einmal für das ganze Dokument berechnet und kaufmännisch gerundet, sind { $tax }. { $count ->
    [one] Die eine Position trägt sie.
   *[other] Die { $count } Positionen tragen sie zusammen auf den Cent.
}
document-how-included = In { $sum } sind { $rate } Steuer enthalten: geteilt durch eins und den Satz ergibt sich der Betrag vor Steuer, { $tax } sind Steuer, einmal berechnet und kaufmännisch gerundet.
document-how-credited = Gutschriften über { $sum } geben { $tax } zurück, den Anteil der Steuer, mit der ihre Belastungen abgerechnet wurden.
document-reverse-charge = Umkehrung der Steuerschuldnerschaft: der Empfänger schuldet die Steuer
document-exempt = Befreit durch Bescheinigung { $number }
document-out-of-scope = Hier nicht steuerbar
document-tax-id = Steuernummer { $id }
document-vat = USt.
