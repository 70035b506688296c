## Invoices and credit notes
way-billing = Fakturering
documents-none = Inget har fakturerats än. En månad faktureras under de första dagarna i nästa.
documents-owed = Fakturerat hittills, med kreditnotor avdragna:
documents-older = Äldre dokument
document-number = Nummer
document-what = Dokument
document-month = Månad
document-issued = Utfärdad
document-due = Förfaller
document-gross = Totalt
document-net = Före skatt
document-tax = Skatt
document-amends = Rättar
document-seller = Från
document-buyer = Till
document-sums = Summor
document-on = på { $sum }
document-how = Så blev det
document-lines = Rader
document-file = Avstämningsfil (CSV)
document-kind-invoice = Faktura
document-kind-credit-note = Kreditnota
document-how-added = { $rate } av { $sum }, uträknat en gång för hela dokumentet och avrundat uppåt från hälften, är { $tax }. { $count ->
    [one] Den enda raden bär skatten.
   *[other] De { $count } raderna bär den tillsammans på öret.
}
document-how-included = I { $sum } ingår { $rate } skatt: delat med ett plus satsen ger beloppet före skatt, och { $tax } är skatt, uträknad en gång och avrundad uppåt från hälften.
document-how-credited = Krediteringar på { $sum } ger tillbaka { $tax }, andelen av den skatt som deras debiteringar fakturerades med.
document-reverse-charge = Omvänd skattskyldighet: köparen betalar skatten
document-exempt = Befriad enligt intyg { $number }
document-out-of-scope = Inte skattepliktigt här
document-tax-id = Skatteregistreringsnummer { $id }
document-vat = Moms
