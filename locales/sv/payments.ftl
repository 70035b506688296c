# What partners paid: statements of banks and payments by hand.
way-payments = Betalningar
bank-title = Läs in ett kontoutdrag
bank-hint = En fil i camt.053 (version 02, 06 eller 08), som banker erbjuder för nedladdning. Det som kommit in listas nedan och väntar tills det registreras; en rad som redan lästs listas inte igen.
bank-file = Kontoutdrag
bank-read-do = Läs in
bank-busy = Ett annat kontoutdrag läses just nu. Välj filen igen om en stund.
bank-read = { $fresh ->
    [0] Inget nytt har kommit in.
    [one] En ny rad väntar.
   *[other] { $fresh } nya rader väntar.
} { $known ->
    [0] { "" }
    [one] En hade redan lästs.
   *[other] { $known } hade redan lästs.
} { $others ->
    [0] { "" }
    [one] En bokning hoppades över, eftersom pengar gick ut eller den inte är bokförd än.
   *[other] { $others } bokningar hoppades över, eftersom pengar gick ut eller de inte är bokförda än.
}
bank-views = Vilka som visas
bank-view-waiting = Väntar ({ $count })
bank-view-entered = Registrerade
bank-view-aside = Lagda åt sidan
bank-recognised = Registrera de igenkända
bank-recognised-hint = Det som nämner ett dokument hos en enda partner, i dess valuta, registreras för det dokumentet. Det som kanske redan är registrerat lämnas åt dig.
bank-entered-many = { $count ->
    [0] Ingenting registrerades.
    [one] En betalning registrerades.
   *[other] { $count } betalningar registrerades.
}
bank-none-waiting = Ingenting väntar.
bank-none-entered = Ingenting är registrerat än.
bank-none-aside = Ingenting har lagts åt sidan.
bank-from = { $payer }, { $day }
bank-from-nobody = { $day }
bank-said = Meddelande: { $text }
bank-for = För { $partner }: { $documents }
bank-names-none = Nämner inget dokument
bank-not-there = Nämner { $number }, som inte finns
bank-several = Nämner dokument hos flera partner
bank-not-alone = Kanske flera betalares pengar, eller pengar som kom tillbaka
bank-other-currency = Nämner { $number }, som är i en annan valuta
bank-alike = Lika mycket har redan registrerats samma dag: { $reference }
bank-decide = Bestäm
bank-paid-by = Vem som betalade
bank-paid-by-hint = Ett dokuments nummer, eller en partners hela namn eller dess id. Pengarna läggs på de nämnda dokumenten, sedan på dem som förfaller tidigast.
bank-enter = Registrera
bank-aside = Inte någon partners
bank-back = Låt den vänta igen
bank-done-entered = Betalningen från { $partner } registrerades.
bank-done-aside = Den lades åt sidan.
bank-done-back = Den väntar igen.
bank-done-taken-back = Betalningen togs tillbaka. Det som den reglerade är öppet igen.
bank-left = { $left } av den väntar på dokument
bank-undone = Tillbakatagen
bank-take-back = Ta tillbaka
bank-take-back-hint = Det som den reglerade är öppet igen. Stod den på ett kontoutdrag väntar den igen.
bank-by-hand = Registrera en betalning för hand
bank-reference = Referens
bank-amount = Belopp
bank-day = Mottagen den
bank-amount-wrong = Ange ett belopp över noll, till exempel 428.37.
bank-view-late = Förfallna
bank-none-late = Inget är förfallet.
bank-late-hint = Det som är obetalt av fakturor efter förfallodagen, det äldsta först. Partnerna har fått veta det.
bank-late-row = { $number }, förföll den { $due }
