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

## Vem som står på fakturor, och att fakturera en månad
way-tax = Skatteuppgifter
way-seller = Säljare
way-invoices = Fakturor
tax-lead = Så står ditt företag på sina fakturor, och så beskattas det. En ändring gäller från den första dagen i en månad; utfärdade dokument förblir som de är.
tax-lead-seller = Härifrån kommer fakturorna. Utfärdade dokument förblir som de är.
tax-later = Angivet för senare
tax-saved = Sparat.
tax-name = Företagets namn
tax-line = Adress
tax-line2 = Adress, andra raden (valfritt)
tax-line3 = Adress, tredje raden (valfritt)
tax-postal-code = Postnummer
tax-city = Ort
tax-country = Land
tax-region = Delstat eller provins
tax-region-optional = Delstat eller provins enligt ISO 3166-2, till exempel CA-QC (där skatten beror på den)
tax-tax-id = Skattenummer
tax-tax-id-optional = Skattenummer; i Europeiska unionen momsregistreringsnumret (valfritt)
tax-registration = Organisationsnummer
tax-registration-optional = Organisationsnummer (valfritt)
tax-contact = Person eller avdelning att fråga
tax-contact-optional = Person eller avdelning att fråga (valfritt)
tax-email = E-postadress
tax-email-optional = E-postadress (valfritt)
tax-phone = Telefonnummer
tax-phone-optional = Telefonnummer (valfritt)
tax-reference = Er referens
tax-reference-optional = Er referens; för offentliga köpare i Tyskland Leitweg-ID (valfritt)
tax-electronic-address = Elektronisk adress
tax-electronic-address-optional = Elektronisk adress, till exempel 0088:4012345000009 (valfritt)
tax-iban = Ett IBAN
tax-iban-optional = IBAN att betala till (valfritt)
tax-bic = En BIC
tax-bic-optional = BIC (valfritt)
tax-from = Gäller från
tax-from-beginning = början
tax-choose = Välj ett land
run-title = Fakturera en månad
run-hint = Varje partner faktureras för månaden, i varje valuta med ett eget dokument. Om det körs igen utfärdas det som är kvar, och inget två gånger.
run-seller = Fakturorna kommer från
run-seller-change = Ändra
run-seller-say = Ange vem fakturorna kommer från
run-look = Visa vad som skulle utfärdas
run-bill = Utfärda
run-running = Månaden faktureras
run-begins = Partnerna räknas.
run-partners = { $taken } av { $rows } partner
run-goes-on = Du kan lämna sidan och komma tillbaka till den. Det som är utfärdat förblir utfärdat.
run-busy = Servern fakturerar en månad just nu. Försök igen om en stund.
run-no-month = Välj en månad.
run-no-seller = Ingen har angett vem fakturorna kommer från. Gör det först.
run-not-over = Månaden är inte slut: den kan faktureras från { $from }.
run-elsewhere = Månaden fakturerades någon annanstans: här börjar faktureringen senare.
run-would = { $month }: { $count ->
    [one] ett dokument skulle utfärdas
   *[other] { $count } dokument skulle utfärdas
}
run-did = { $month }: { $count ->
    [one] ett dokument utfärdades
   *[other] { $count } dokument utfärdades
}
run-held = väntar
run-held-title = Väntar
run-failed = misslyckades
run-failed-hint = Serverns logg säger varför. Fakturera månaden igen.
held-profile-missing = Ingen har angett vem partnern är för skatten. Det gör partnern under Skatteuppgifter.
held-rate-missing = Ingen skattesats är känd ({ $facts }). Ange den med chandlery invoice rates.
held-earlier-month-open = En tidigare månad har inte fakturerats ({ $facts }). Fakturera den först; om den är stängd, öppna den igen innan dess.
documents-credit-left = Kredit kvar
documents-credit-of = { $available } av { $limit }
documents-credit-none = inget nytt kan köpas förrän något har betalats
document-json = Rader som JSON
document-json-hint = Detsamma för program: ett objekt på varje rad.
document-sum-file = Kontrollsumma (SHA-256)

way-margins = Marginaler och prislistor
margin-lead = Vad ni tar av era kunder utöver det ni betalar. Från och med då bokförs varje debitering och kreditering i samma ögonblick även till kundens pris; det som bokförts tidigare ligger fast.
margin-none = Ingen marginal gäller just nu. Inget bokförs för era kunder.
margin-none-here = Ingen marginal tillämpades för den här kunden den här månaden.
margin-for = Kund
margin-everybody = Alla
margin-over = För vad
margin-over-all = Allt
margin-kind = Pris
margin-kind-percent = Procent på ert pris
margin-kind-fixed = Belopp på ert pris, per styck
margin-kind-price = Eget pris, per styck
margin-is-percent = ert pris och { $percent }
margin-is-rebate = ert pris minus { $percent }
margin-is-fixed = ert pris och { $amount } per styck
margin-is-price = { $amount } per styck
margin-floor = Minst
margin-floor-optional = Minst, per styck (valfritt)
margin-until = Till och med
margin-end = Avsluta
margin-ended = Den gäller inte längre. Det som bokförts enligt den ligger fast.
margin-add = Lägg till en marginal
margin-add-for = Lägg till en marginal för { $name }
margin-add-do = Lägg till
margin-added = Den gäller från och med sin första dag.
margin-hint = Kundens egen går före allas, sedan den snävare, sedan den senare. Ett belopp eller pris gäller per styck och debitering: för en månad där det betalas månadsvis. Det som ingen regel omfattar bokförs till ert eget pris.
margin-hint-customer = För en enskild kund börjar ni på kundens Fakturering.
margin-product = Bara den här produkten eller SKU:n, till exempel DG7GMGF0FKZV eller DG7GMGF0FKZV:0002 (valfritt)
margin-product-wrong = Ange id för en produkt eller SKU, till exempel DG7GMGF0FKZV eller DG7GMGF0FKZV:0002.
margin-value = Procent, eller belopp per styck
margin-currency = Beloppens valuta
margin-currency-wrong = Ange en valutakod med tre bokstäver, till exempel EUR.
margin-percent-wrong = Ange en procentsats från { $least } till { $most } med högst fyra decimaler.
margin-amount-wrong = Ange ett belopp från 0, till exempel 12,50.
margin-day-wrong = Ange en dag.
margin-earned = Vad som blir kvar hos er
margin-you-owe = Ni är skyldiga
margin-customer-owes = Kunden är skyldig er
margin-stays = Marginal
margin-file = Månaden som fil
