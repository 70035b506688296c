# Azure Hybrid-förmån: licenser som används en gång till i Azure.
section-benefit = Hybridförmån
benefit-title = Azure Hybrid-förmån
benefit-lead = Windows Server-licenser Datacenter och Standard med Software Assurance, och prenumerationer på dem, kan användas på nytt för Windows-maskiner i Azure, som då kostar det lägre basberäkningspriset, det för en Linux-maskin. Standard konverteras antingen till Azure eller stannar där den är; Datacenter används på båda platserna. SQL Server-licenser täcker SQL Server i Azure på samma sätt.
workload-windows = Windows Server
workload-host = Windows Server på en dedikerad värd
workload-sql-vm-standard = SQL Server Standard
workload-sql-vm-enterprise = SQL Server Enterprise
workload-sql-general-purpose = Azure SQL, Generell användning
workload-sql-business-critical = Azure SQL, Affärskritisk
place-azure = I Azure
place-host = Dedikerad värd i Azure
place-premises = Lokalt
benefit-licences = Kärnlicenser
benefit-none = Den här kunden har inga kärnlicenser med förmånen ännu.
benefit-edition = Utgåva
benefit-owned = Ägs
benefit-in-azure = I Azure
benefit-on-premises = Lokalt
benefit-free = Lediga för Azure
benefit-lacks-now = { $cores ->
    [one] 1 kärnlicens saknas nu: köp fler eller avsluta en användning
   *[other] { $cores } kärnlicenser saknas nu: köp fler eller avsluta användningar
}
benefit-lacks-on = { $cores ->
    [one] Från och med { $day } saknas 1 kärnlicens
   *[other] Från och med { $day } saknas { $cores } kärnlicenser
}
benefit-perpetual = { $cores } kärnor av eviga licenser som köpts här saknar Software Assurance och ger ingen förmån.
benefit-sources = Varifrån de kommer
benefit-until = till och med
benefit-renews = { $day }, därefter förnyad
benefit-declared = Uppgivna licenser med Software Assurance
benefit-declared-note = Uppgivna licenser: { $note }
benefit-declare = Uppge licenser med Software Assurance från annat håll
benefit-declare-hint = Licenser utan Software Assurance ger ingen förmån.
benefit-cores = Kärnlicenser
benefit-count = Hur många licenser
benefit-unit = Räknade per
benefit-unit-cores = Kärna
benefit-unit-processors = Processor (16 kärnlicenser styck)
benefit-assurance-from = Första dagen med Software Assurance
benefit-assurance-through = Sista dagen med Software Assurance
benefit-note = Anteckning, till exempel avtalets nummer (frivilligt)
benefit-withdraw = Ta tillbaka
benefit-uses = Används
benefit-uses-none = Inget är registrerat som använt.
benefit-since = Sedan
benefit-end = Avsluta
benefit-last-day = Sista dag
benefit-overlap = { $days ->
    [one] får användas på båda platserna till och med { $day }: 1 dag kvar
   *[other] får användas på båda platserna till och med { $day }: { $days } dagar kvar
}
benefit-premises = Registrera licenser som används lokalt
benefit-premises-hint = Standard-licenser som används lokalt är inte lediga för Azure, utom i 180 dagar medan en maskin flyttas dit. Datacenter-licenser är det.
benefit-premises-name = Vad de används till, till exempel en servers namn
benefit-calculator = Beräkna
benefit-list = Maskiner, en per rad: namn, storlek, region, antal, timmar i månaden
benefit-list-hint = Skrivna, inklistrade ur en tabell eller som fil nedan. Bara namn och storlek behövs.
benefit-file = Eller en CSV-fil
benefit-columns = Fler kolumner
benefit-columns-text = Med en rubrikrad får kolumnerna stå i valfri ordning: Name, Size, Region, Cores, Count, Hours, Workload (windows, sql_vm_standard, sql_vm_enterprise, sql_general_purpose, sql_business_critical), LicensedRate och BaseRate med ReservedRate (per timme; för storlekar och regioner utan känt pris och för SQL Server), Host och HostCores (maskiner på en dedikerad värd, som täcks tillsammans av dess fysiska kärnor).
benefit-region = Region för maskiner som inte anger någon (priser i { $currency })
benefit-region-none = Ingen: räkna bara kärnlicenser
benefit-reserve = Jämför med en reservation på
benefit-calculate = Beräkna
benefit-list-wrong = { $count ->
    [one] Listan har ett fel. Inget har beräknats.
   *[other] Listan har { $count } fel. Inget har beräknats.
}
benefit-list-large = En lista har högst { $most } MB.
benefit-result-title = Vad förmånen sparar
benefit-result = Med licenserna som finns kostar dessa maskiner { $planned } i månaden i stället för { $plain }: { $saved } ({ $percent }) mindre.
benefit-advertised = Med förmånen på varje maskin i listan vore det { $saved } ({ $percent }) mindre; det som utlovas är ”upp till 40 %”.
benefit-best = Licenserna används där de sparar mest: inget annat val av maskiner sparar mer.
benefit-bound = Licenserna används där de sparar mest, så långt det går att söka: inget annat val av maskiner sparar mer än { $bound }.
benefit-unrated = { $count ->
    [one] För 1 maskin är inget pris känt: dess kärnor räknas, men inte dess kostnader.
   *[other] För { $count } maskiner är inget pris känt: deras kärnor räknas, men inte deras kostnader.
}
benefit-chart = Kostnader i månaden
benefit-chart-note = En reservation betalar varje timme i månaden och täcker basberäkningspriset; förmånen täcker licensen. Tillsammans läggs de ihop. Licensernas egna priser ingår inte i dessa summor.
benefit-bar-plain = Per timme, licens inräknad
benefit-bar-benefit = Med förmånen
benefit-bar-reserved = Reserverat, licens inräknad
benefit-bar-both = Reserverat, med förmånen
benefit-less = { $percent } mindre
benefit-lacks-title = För att täcka resten
benefit-lacks = { $cores ->
    [one] 1 kärnlicens { $edition } saknas.
   *[other] { $cores } kärnlicenser { $edition } saknas.
}
benefit-pack = { $quantity } × { $title }: { $cores } kärnor, { $price } styck ({ $way }).
benefit-no-pack = Ingen prenumeration på denna utgåva säljs till den här kunden.
benefit-machines = Maskiner
benefit-machine = Maskin
benefit-cores-each = Kärnor per maskin
benefit-cover = Täckt av
benefit-saves = Sparar i månaden
benefit-by = { $edition }, { $cores } kärnlicenser
benefit-by-many = { $count } av { $edition }, { $cores } kärnlicenser styck
benefit-by-host = { $edition }, med sin värd
benefit-not-covered = inte täckt
benefit-rest = { $count } inte täckta
benefit-already = har redan förmånen
benefit-already-some = { $count } redan med förmånen
benefit-no-rate = inget pris
benefit-host = Dedikerad värd { $name }, { $cores } kärnor
benefit-host-covered = täckt av Windows Server Datacenter
benefit-more = { $count ->
    [one] 1 maskin till står i tabellen.
   *[other] { $count } maskiner till står i tabellen.
}
benefit-goes-on = Vad som ska göras med det
benefit-csv = Spara som tabell (CSV)
benefit-print-hint = Utskriven är den här sidan ett blad för kunden.
benefit-started = Första dag
benefit-migrated = Maskinerna flyttas dit från egna lokaler: deras licenser får användas på båda platserna i 180 dagar
benefit-record = { $count ->
    [one] Registrera det som täcks som använt: 1 maskin
   *[other] Registrera det som täcks som använt: { $count } rader
}
benefit-nothing-to-record = Licenserna täcker ingen av dessa maskiner, så det finns inget att registrera.
benefit-day = Ange en dag, till exempel 2020-01-24.
benefit-choose-edition = Välj en utgåva i listan.
benefit-done-declared = Licenserna är uppgivna.
benefit-done-withdrawn = Uppgiften är återtagen.
benefit-done-recorded = Användningen är registrerad. Slå på förmånen i Azure också: det görs inte härifrån.
benefit-done-ended = Användningen är avslutad. Slå av förmånen i Azure också.
cancel-takes-cores = Detta tar bort { $cores } kärnlicenser { $edition }. Maskiner som är registrerade med Azure Hybrid-förmån skulle sakna { $lacks }: köp andra, eller slå av förmånen för dem först.
subscription-takes-cores = Om den upphör försvinner { $cores } kärnlicenser { $edition }, och maskiner som är registrerade med Azure Hybrid-förmån saknar { $lacks }: köp andra i tid, eller slå av förmånen för dem.
