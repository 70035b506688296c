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
document-net = Netto
document-tax = Skatt
document-amends = Avser faktura
document-seller = Från
document-buyer = Till
document-sums = Summor
document-on = på { $sum }
document-how = Så räknades det fram
document-lines = Rader
document-file = Avstämningsfil (CSV)
document-kind-invoice = Faktura
document-kind-credit-note = Kreditnota
document-how-added = { $rate } av { $sum }, uträknat en gång för alla rader med samma skatt och avrundat uppåt från hälften, är { $tax }. { $count ->
    [one] Den enda raden bär skatten.
   *[other] De { $count } raderna bär den tillsammans på öret.
}
document-how-included = I { $sum } ingår { $rate } skatt: delat med ett plus satsen ger nettobeloppet, och { $tax } är skatt, uträknad en gång och avrundad uppåt från hälften.
document-how-credited = Krediteringar på { $sum } ger tillbaka { $tax }, andelen av den skatt som deras debiteringar fakturerades med.
document-reverse-charge = Omvänd betalningsskyldighet
document-exempt = Befriad enligt intyg { $number }
document-out-of-scope = Inte skattepliktigt här
document-vat = Moms
documents-to-pay = Att betala:
documents-late = varav { $sum } förfallet
documents-settled = Inget att betala.
document-payments = Betalningar
document-open = Återstår
document-settled-payment = Betalning { $reference }, { $day }
document-settled-credit = Tillgodo från { $number }, { $day }
document-state-open = obetald
document-state-overdue = förfallen
document-state-paid = reglerad
document-state-credit = inte använd än
document-state-used = använd
document-files = Filer
document-pdf = PDF-fil
document-pdf-hint = Att läsa, skriva ut och spara. Där dokumentet kan vara en elektronisk faktura (Factur-X, ZUGFeRD) ligger den i filen.
document-peppol = Elektronisk faktura (Peppol BIS)
document-peppol-hint = XML för bokföringsprogram.
document-xrechnung = Elektronisk faktura (XRechnung)
document-xrechnung-hint = XML för offentliga köpare i Tyskland.
document-file-hint = Varje rad med 46 kolumner, för egna uppställningar.

## Det utskrivna dokumentet
paper-terms = Betalningsvillkor
paper-vat-id = Momsreg.nr
paper-tax-number = Skattenummer
paper-registration = Organisationsnummer
paper-po = Er beställning
paper-line-po = Er beställning { $number }
paper-order = Beställning { $number }
paper-reference = Er referens
paper-amended = { $number } av { $date }
paper-description = Beskrivning
paper-unit-price = À-pris
paper-amount = Belopp
paper-tax-on = { $tax } på { $net }
paper-tax-total = Skatt totalt
paper-paid = Betalt
paper-to-pay = Att betala
paper-to-credit = Krediteras er
paper-bank = Bankuppgifter
paper-holder = Kontohavare
paper-payment-reference = Referens
paper-scan = Skanna med bankappen för att betala
paper-notes = Anmärkningar
paper-page = Sida { $page } av { $pages }
paper-charges = { $count ->
    [one] En debitering
   *[other] { $count } debiteringar
}
paper-credits = { $count ->
    [one] En kreditering
   *[other] { $count } krediteringar
}
paper-lines-elsewhere = Dokumentet har fler rader än vad som skrivs ut en för en. De står i dess avstämningsfil, vars kolumn Total ger samma belopp.
