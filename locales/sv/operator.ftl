# Operatörens konsol.
way-partners = Partner
way-catalogue = Katalog
way-policies = Villkor
way-stock = Lager
way-jobs = Jobb
way-health = Driftläge
op-more = Visa fler
op-show = Visa

# Partner.
op-partners-find = Namnet börjar med
op-partners-none-yet = Det finns ingen partner än. Lägg till den första.
op-partners-none-found = Ingen partner passar. Prova med färre bokstäver.
op-partner-add = Lägg till partner
op-partner-add-hint = Partnern får en egen nyckel för sina hemligheter. Den första administratören lägger du till på partnerns sida.
op-partner-added = Partnern har lagts till. Lägg nu till den första administratören.
op-partner-name = Partnerns namn
op-partner-state = Får handla
op-partner-active = Aktiv partner
op-partner-inactive = Inaktiv partner
op-partner-now-active = Partnern får handla igen.
op-partner-now-inactive = Partnern får inte längre lägga order.
op-partner-details = Om partnern
op-partner-customers = Kunder
op-partner-stop = Stoppa handeln
op-partner-stop-hint = Partnern kan inte beställa förrän du tillåter handel igen. Den kan fortfarande logga in, öppna produktnycklar och annullera.
op-partner-stop-now = Gör partnern inaktiv
op-partner-start = Tillåt handel igen
op-partner-start-hint = Partnern kan beställa direkt.
op-partner-start-now = Gör partnern aktiv
op-country = Land
op-currency = Valuta
op-regions = Säljregioner
op-regions-hint = Var partnern får sälja. Utan val: landets region.
op-programme-id = Program-id
op-programme-id-optional = Program-id (valfritt)
op-tenant-id = Klient-id
op-admins = Globala administratörer
op-admin-none = Ingen administrerar den här partnern än.
op-admin-name = Administratörens namn
op-admin-hint = Personen får ett tillfälligt lösenord, som visas en gång, och ställer in en andra faktor vid första inloggningen.
op-admin-add = Lägg till administratör
op-admin-once = Lösenordet visas bara den här gången. Lämna över det säkert; det måste bytas vid första inloggningen.
op-admin-back = Tillbaka till partnern
op-upn-wrong = Ange ett inloggningsnamn som ada@example.com, högst 113 tecken.
op-upn-taken = Inloggningsnamnet är upptaget. Välj ett annat.

# Filer.
op-file-most = Högst { $most }.
op-file-wrong = Välj en fil på högst { $most }.
op-file-kind = Det är en annan sorts fil. Välj en av dessa: { $kinds }.
op-file-none = Välj en fil som inte är tom.
op-file-too-large = Filen är större än { $most }. Dela den, eller importera den från kommandoraden.

# Katalog och prisblad.
op-products-find = Sök produkter
op-products-none-yet = Katalogen är tom. Importera ett prisblad.
op-products-none-found = Ingen produkt passar.
op-product = Produkt
op-publisher = Utgivare
op-prices = Prisrader
op-prices-in-all = { $count ->
    [one] Totalt { $count } prisrad
   *[other] Totalt { $count } prisrader
}
op-sheet-title = Prisblad
op-sheet-hint = En CSV-fil med de publicerade kolumnerna. Du ser vad som ändras innan något gäller.
op-sheet-file = CSV-fil
op-sheet-look = Se vad som ändras
op-sheet-preview = Vad prisbladet ändrar
op-sheet-refused = Inget importerades. Rätta raderna och skicka bladet igen.
op-sheet-bad-rows = { $count ->
    [one] { $count } rad avvisas.
   *[other] { $count } rader avvisas.
}
op-sheet-refused-rows = Avvisade rader
op-sheet-line = Rad
op-sheet-column = Kolumn
op-sheet-right = Vad som är fel och vad som vore rätt
op-sheet-overlap = Datum och steg
op-sheet-would = Ändringar
op-sheet-rows = Rader i bladet
op-sheet-new-products = Nya produkter
op-sheet-new-skus = Nya SKU:er
op-sheet-new-items = Nya artiklar
op-sheet-new-prices = Nya prisrader
op-sheet-changed-prices = Ändrade prisrader
op-sheet-sum = Bladets SHA-256
op-sheet-nothing = Inga priser ändras. Produkters namn och antal kan ändras.
op-sheet-apply-hint = Alla rader importeras, eller inga. Lagda order behåller sina priser.
op-sheet-apply = Importera raderna
op-sheet-leave = Avstå
op-sheet-another = Välj en annan fil
op-sheet-changes = Ändrade priser
op-sheet-imported = Prisbladet importerades: { $rows } rader lästa, { $changed } nya eller ändrade.
op-import-title = Prislistan importeras
op-keys-importing = Produktnycklar läggs i lager
op-keys-busy = En annan fil med produktnycklar läggs in just nu. Välj filen igen om en stund.
op-import-reading = Listan läses.
op-import-rows = { $taken } av { $rows } rader
op-import-hint = Du kan lämna sidan och komma tillbaka till den. Alla rader importeras, eller ingen. Stora listor tar några minuter.
op-item = Artikel
op-market = Marknad
op-term = Löptid
op-price-now = Pris nu
op-price-then = Pris sedan

# Villkor.
op-policies-sections = Villkor och marknader
op-policies-switched = Profilen har bytts. Den gäller från och med nu.
op-profile-in-force = Gällande profil:
op-profile-other = Vad skulle en annan profil ändra?
op-profile-compare = Jämför
op-profile-switch = Byt till { $to }
op-profile-switch-hint = Den andra profilens rader gäller direkt, utan omstart, för nya order och för dem vars dag de omfattar.
op-profile-switch-now = Låt { $to } gälla nu
op-compare-title = { $from } jämförd med { $to }
op-compare-hint = För order och länkar från i dag. Till vänster om pilen: som det är; till höger: som det skulle bli.
op-compare-orders = Order de senaste 90 dagarna med en annan frist
op-family = Produktslag
op-window = Kan annulleras
op-window-none = aldrig
op-window-days = { $count ->
    [one] { $count } dag
   *[other] { $count } dagar
}
op-window-hours = { $count ->
    [one] { $count } timme
   *[other] { $count } timmar
}
op-credit = Kreditering
op-credit-none = ingen
op-credit-full = hela beloppet
op-credit-prorated = för outnyttjade dagar
op-credit-prorated-after = { $count ->
    [one] hela beloppet i { $count } timme, sedan för outnyttjade dagar
   *[other] hela beloppet i { $count } timmar, sedan för outnyttjade dagar
}
op-link-life = En nedladdningslänks livslängd
op-link-none = ingen regel
op-link-from-issue = { $count ->
    [one] { $count } dag från utfärdandet
   *[other] { $count } dagar från utfärdandet
}
op-link-from-first = { $count ->
    [one] { $count } dag från första nedladdningen
   *[other] { $count } dagar från första nedladdningen
}
op-link-downloads = Tillåtna nedladdningar
op-link-unlimited = obegränsat
op-rules-cancellation = Annullering
op-rules-links = Nedladdningslänkar
op-orders-from = Order från
op-links-from = Länkar från
op-rule-today = I dag
op-rule-counts = Gäller

# Marknader.
op-markets = Marknader
op-market-region = Säljregion
op-market-tax = Listpriset inkluderar skatt för
op-blocks = Säljs inte i
op-blocks-none = Det finns ingen marknad där detta inte säljs.
op-block-add = Sluta sälja på en marknad
op-block-add-hint = Gäller marknadens kunder och partner därifrån. Lagda order förblir som de är.
op-block-from = Första dagen
op-block-until = Säljs igen från
op-block-holds = Säljs inte
op-block-not = Säljs
op-block-end = Sälj igen
op-block-end-open = Sälj igen…
op-block-end-day = Från och med
op-block-end-now = Spara dagen
op-block-added = Marknaden finns nu på listan.
op-block-ended = Dagen har sparats.
op-block-day-wrong = Ange en dag som inte har passerat.
op-block-there = Marknaden finns redan på listan för den dagen.

# Lager.
op-keys-title = Lägg till produktnycklar
op-keys-hint = En CSV-fil med kolumnerna ProductId och Key; Version och Activations får utelämnas. Nycklarna förseglas och visas aldrig här.
op-keys-file = Fil med nycklar
op-keys-add = Lägg till nycklar
op-keys-added = { $count ->
    [one] { $count } produktnyckel lades till; { $there } fanns redan.
   *[other] { $count } produktnycklar lades till; { $there } fanns redan.
}
op-keys-refused = Ingen nyckel lades till: { $why }. Rätta raden och skicka filen igen.
op-stock-none = Ingen produkt har versioner än. De kommer med de första nycklarna eller filerna.
op-in-stock = I lager
op-handed = Utlämnade
op-alarm = Larm vid
op-alarm-label = Larma när så få är kvar
op-alarm-save = Spara larmet
op-alarm-saved = Larmet har sparats.
op-stock-state = Läge
op-stock-empty = Inga kvar
op-stock-low = Få kvar
op-stock-enough = Tillräckligt
op-product-versions = Versioner
op-product-no-versions = Det finns varken nycklar eller filer till produkten än.
op-media = Programvarufiler
op-media-none = Det finns ingen fil att ladda ner än.
op-media-hint = Filer läggs till med <code>chandlery media add</code>.

# Jobb.
op-jobs-none = Inget väntar.
op-jobs-waiting = { $count ->
    [one] { $count } jobb väntar.
   *[other] { $count } jobb väntar.
}
op-jobs-troubled = { $count ->
    [one] { $count } har redan misslyckats.
   *[other] { $count } har redan misslyckats.
}
op-job = Jobb
op-job-provision = Lämna ut en order
op-job-mail = Skicka mejl
op-job-partner = Vems
op-job-due = När
op-job-now = Nu
op-job-tries = Försök
op-job-why = Senaste orsak
op-job-do = Åtgärd
op-job-retry = Försök nu
op-job-retried = Jobbet försöks nu.
op-job-give-up = Ge upp…
op-job-give-up-hint = Mejlet skickas inte längre och ingen meddelas.
op-job-give-up-now = Ge upp mejlet
op-job-given-up = Mejlet gavs upp.

# Driftläge.
op-tone-good = Bra
op-tone-careful = Se över
op-tone-bad = Åtgärda nu
op-health-version = Programversion
op-health-started = Igång sedan
op-health-uptime = { $days } d { $hours } tim
op-health-what = Vad som kontrollerades
op-health-state = Läge
op-health-found = Resultat
op-health-unknown = Det kunde inte kontrolleras.
op-health-database = Databas
op-health-schema = Databasschema
op-health-schema-good = Det som programmet känner till
op-health-schema-behind = { $count ->
    [one] { $count } migrering saknas
   *[other] { $count } migreringar saknas
}
op-health-schema-other = Ett annat än programmet känner till
op-health-schema-do = Gör en säkerhetskopia och kör sedan ”chandlery migrate”.
op-health-work = Väntande jobb
op-health-work-none = Inga
op-health-work-some = { $count ->
    [one] { $count } väntar, från { $since }
   *[other] { $count } väntar, det första från { $since }
}
op-health-work-do = Läs orsakerna under Jobb och åtgärda det de nämner.
op-health-orders = Väntande order
op-health-orders-none = Ingen väntar på dig
op-health-orders-some = { $count ->
    [one] { $count } kunde inte lämnas ut
   *[other] { $count } kunde inte lämnas ut
}
op-health-orders-do = De flesta väntar på produktnycklar: lägg till under Lager.
op-health-log = Aktivitetslogg
op-health-log-all = Förseglad till nu
op-health-log-until = { $count ->
    [one] Förseglad till { $until }; { $count } post väntar
   *[other] Förseglad till { $until }; { $count } poster väntar
}
op-health-log-do = Servern förseglar två gånger i sekunden. Leta efter fel i dess utdata.
op-health-backup = Senaste säkerhetskopia
op-health-backup-unknown = Ingen är känd här
op-health-backup-do = Kör ”chandlery backup” dagligen; med PostgreSQL övervakar du själv din pg_dump.
op-health-stock = Katalog och lager
op-health-stock-good = Priser finns och tillräckligt med nycklar
op-health-stock-empty = Det finns inget pris i katalogen
op-health-stock-low = { $count ->
    [one] Få nycklar är kvar av { $count } version
   *[other] Få nycklar är kvar av { $count } versioner
}
op-health-stock-do = Importera priser under Katalog och nycklar under Lager.
op-health-folder = Datamapp
op-health-folder-good = Behåller det som skrivs
op-health-folder-bad = Går inte att skriva till
op-health-folder-do = Låt serverns användare äga mappen och kontrollera disken.
op-health-disk = Ledigt diskutrymme
op-health-disk-do = En full disk stoppar allt skrivande: frigör utrymme.
op-health-ring = Nyckelring
op-health-ring-good = { $count ->
    [one] { $count } nyckel, läsbar bara för ägaren
   *[other] { $count } nycklar, läsbara bara för ägaren
}
op-health-ring-bad = Kan inte läsas, eller andra får läsa den
op-health-ring-do = Kör ”chandlery doctor”: det visar vad som är fel med keyring.json.
op-health-media = Plats för media
op-health-media-good = Svarar
op-health-media-bad = Svarar inte
op-health-media-do = Ingen kan ladda ner nu. Kontrollera --media och själva lagringen.
op-health-mail = E-post
op-health-mail-good = En e-postserver är inställd
op-health-mail-bad = Ingen e-postserver är inställd
op-health-mail-do = Starta servern med --smtp så att länkar och meddelanden når fram.

# Vad som står i loggen.
operation-change-partner = Partner ändrad
operation-change-policies = Villkor bytta
operation-change-market = Marknader ändrade
operation-change-stock = Lagerlarm ändrat
operation-retry-work = Jobb försökt direkt
operation-give-up-work = Jobb uppgivet
fact-partner = Partner-id
fact-low-stock = Larm vid
fact-family = Produktslag
op-limit = Kreditgräns
op-limit-none = Det finns ingen gräns för vad partnern får vara skyldig.
op-limit-change = Ändra en gräns
op-limit-hint = Det som är fakturerat och det som ännu inte är det räknas, minus det som har betalats. Ett köp som överskrider gränsen avvisas; förnyelser och det som redan löper går vidare.
op-limit-amount = Får vara skyldig, till exempel 50000 (tomt: ingen gräns)
op-limit-saved = Gränsen är sparad.
op-limit-currency-wrong = Ange en valuta med tre bokstäver, till exempel EUR.
op-limit-amount-wrong = Ange ett belopp som 50000 eller 50000.00, eller inget.
op-late = Vid försening
op-late-none = Partnern får köpa även när fakturor är förfallna.
op-late-is = { $count ->
    [0] Partnern får inte köpa medan en faktura är förfallen.
    [one] Partnern får inte köpa medan en faktura är förfallen sedan mer än en dag.
   *[other] Partnern får inte köpa medan en faktura är förfallen sedan mer än { $count } dagar.
}
op-late-change = Ändra vad som följer
op-late-hint = Det som löper fortsätter, förnyas och annulleras som vanligt. En betalning gör det genast möjligt att köpa igen.
op-late-days = Inga köp efter så många dagar (tomt: aldrig)
op-late-wrong = Ange hela dagar upp till { $most }, eller inget.
op-late-saved = Det som följer av försening ändrades.
op-rules-refunds = Lämna tillbaka reservationer
op-caps = Hur mycket som får komma tillbaka till en kund
op-caps-hint = Före avgift; det som byts räknas inte. I en valuta utan rad lämnas inget tillbaka utan att ni tillfrågas.
op-cap = { $most } under { $months } månader
op-cap-from = från
op-cap-set = Ange ett belopp
op-cap-currency = Valuta
op-cap-most = Belopp
op-cap-months = Månader
op-cap-from-day = Första dag
op-cap-wrong = Ange en valuta som EUR, ett belopp som 45000, hela månader och en dag.
op-caps-saved = Beloppet har sparats.
op-plan = Planera en ändring
op-plan-hint = En rad gäller från en kommande dag, för det som köps eller utfärdas från och med då. Den kan tas tillbaka tills den dagen börjar.
op-plan-preview = Vad det här skulle ändra
op-plan-about = Vad
op-plan-from = Från
op-plan-until = tills raden från { $day } tar över
op-plan-change = Före och efter
op-plan-nothing-before = Det som har köpts eller utfärdats före { $day } förblir som det är. En period som förnyas från och med den dagen följer sin egen dag.
op-plan-put-down = Spara raden
op-plan-look = Visa vad som ändras
op-plan-unit = Räknas i
op-plan-days = Dagar
op-plan-hours = Timmar
op-plan-link-days = Livslängd i dagar
op-plan-age = Räknas från
op-plan-from-issue = Utfärdandet
op-plan-from-first = Första nedladdningen
op-plan-downloads = nedladdningar: { $most }
op-plan-downloads-hint = Lämna tomt för valfritt antal.
op-plan-day-wrong = Välj en dag efter i dag (UTC).
op-plan-done = Raden är sparad. Den gäller från sin dag.
op-plan-coming = Kommande rader
op-plan-take-back = Ta tillbaka
op-plan-taken-back = Raden togs tillbaka.
op-plan-credit-wrong = Permanent programvara har inga oanvända dagar: krediteringen är full.
