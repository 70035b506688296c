# Pages that explain.
help-more = Läs vidare
help-keys = Så hanterar du nycklar och nedladdningar säkert
help-keys-1 = Den som känner till en produktnyckel kan förbruka dess aktiveringar. Öppna den bara när den behövs, kopiera den och skicka den till kunden på ett sätt där ingen annan kan läsa den. Den döljs av sig själv efter en minut, och i aktivitetsloggen står det med ditt namn att den har öppnats.
help-keys-2 = En nedladdningslänk fungerar utan inloggning, för alla som har den. Den slutar gälla efter 14 dagar eller 50 nedladdningar, beroende på vad som inträffar först, om inte din operatör har satt andra gränser; sidan visar alltid vad som är kvar.
help-keys-3 = När en länk är förbrukad väljer du ”Hämta nycklar och nedladdningar” igen: du får en ny, som gäller lika länge, så ofta det behövs.
help-keys-4 = Kontrollera det som har laddats ned med manifestet bredvid: det innehåller filens SHA-256 och en signatur av operatören.
help-keys-5 = Kundens egen globala administratör hittar samma nycklar och nedladdningar i portalen, under ”Fakturering”, ”Dina produkter”, ”Programvara”. Partner använder inte den vägen.
help-cancelling = Så fungerar annullering och kreditering
help-cancelling-1 = Programvara kan annulleras inom sin annulleringsfrist, som räknas från orderdagen i UTC. Dialogrutan visar hur mycket tid som är kvar och krediteringen innan något skickas.
help-cancelling-2 = Permanent programvara krediteras i sin helhet. En prenumeration krediteras för de dagar som inte har använts, annulleringsdagen inräknad: styckpriset divideras med löptidens dagar, multipliceras med dagarna som är kvar, avkortas efter andra decimalen och multipliceras med antalet.
help-cancelling-3 = Krediteringen kommer på nästa månadsfaktura. Nycklar och länkar slutar gälla direkt; du och kunden avinstallerar programvaran och raderar nedladdningar och länkar. Skapa ett supportärende för kunden när reglerna inte kan avgöra saken.
help-linux = SUSE- och Red Hat-planer
help-linux-1 = SUSE Linux- och Red Hat-planer täcker programvaran på virtuella datorer i ett eller tre år och betalas i förskott. En SUSE-plan täcker datorer av sin storlek enligt ett förhållandetal; en Red Hat-plan täcker bara sitt eget vCPU-intervall.
help-linux-2 = De kan aldrig annulleras, bytas eller återbetalas, och tid som inte används går förlorad. Välj löptid och storlek med omsorg.
