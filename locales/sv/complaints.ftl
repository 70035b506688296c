# What is wrong with something somebody gave. Programs and the command line are told the English, without a full stop
# where the sentence begins with the input's name.

complaint-plain = { $text }

# What an input is called, as the beginning of a sentence.
input-userprincipalname = Inloggningsnamnet
input-name = Namnet
input-amount = Beloppet
input-reference = Referensen
input-friendlyname = Namnet
input-displayname = Namnet
input-commitment = Vad den nya reservationen kostar
input-credit = Krediteringen
input-quantity = Antalet
input-most = Beloppet
input-months = Månaderna
input-reservation = Reservationen
input-quantities = Delarna
input-sources = Reservationerna
input-appliedscopes = Azure-abonnemanget
input-id = ID:t
input-azuresubscriptions = Azure-abonnemangen
input-webhookurl = Adressen
input-webhookevents = Händelserna
input-number = Dokumentet
input-format = Detta format
input-roles = Rollerna
input-redirecturi = Omdirigeringsadressen
input-redirecturis = Omdirigeringsadresserna
input-jwk = Den publika nyckeln
input-client-id = Applikationen
input-credential = Hemligheten eller nyckeln
input-activations = Aktiveringarna
input-description = Beskrivningen
input-key = Produktnyckeln
input-text = Texten
input-reason = Skälet
input-partner = Partnern
input-country = Landet
input-day = Dagen
input-from = Första dagen
input-product = Produkten
input-value = Värdet
input-work = Jobbet
input-billingcycle = Faktureringsperioden
input-cart = Varukorgen
input-acknowledged = Bekräftelsen
input-files = Filerna
input-file = Filen
input-version = Versionen
input-medium = Filen
input-prices = Priserna

# The end of such a sentence.
complaint-name-form = måste se ut som namn@domän och ha högst 113 tecken
complaint-name-taken = är upptaget; välj ett annat
complaint-roles-last = skulle inte lämna kvar någon som kan hantera de andra; ge rollen till någon annan först
complaint-roles-unknown = måste finnas på listan
complaint-roles-public = måste vara tomma: en publik applikation handlar bara för människor
complaint-application-name = måste ha 1 till 100 tecken
complaint-redirects-many = får vara högst tio
complaint-applications-many = kan inte registreras: återkalla applikationer som inte används längre
complaint-public-credential = är publik och kan inte hålla något hemligt
complaint-credentials = kan inte läggas till: { $most } gäller redan; ta först bort det som inte används längre
complaint-activations-unlimited = är inte begränsade för den här produkten; du behöver inte begära något
complaint-activations = måste vara fler än de { $allowed } som nyckeln tillåter, och högst { $most }
complaint-description = måste säga varför, med högst { $most } tecken
complaint-key-asked = har redan ett öppet ärende; vänta på svaret
complaint-partner-admin = har redan en global administratör
complaint-country-unknown = är ingen marknad
complaint-country-listed = finns redan på listan
complaint-day-past = får inte ligga före i dag eller före första dagen
complaint-day-said = har redan bestämts
complaint-day-form = måste vara en dag som 2020-01-24
complaint-work-no-mail = kan bara ges upp om det är ett mejl
complaint-billing-cycles = måste vara densamma för alla rader i en order; använd en varukorg för flera
complaint-no-keys = har inga produktnycklar i lager
complaint-never-back = måste vara ikryssad: planer för SUSE och Red Hat kan aldrig avbeställas, bytas eller återbetalas
complaint-files-open = kan inte tas emot: ert företags ärenden får tillsammans innehålla högst { $most } MB filer medan de är öppna och { $days } dagar till. Be om mer utrymme, eller skicka dem på annat sätt
complaint-notes = kan inte läggas till: ett ärende har högst { $most } meddelanden
complaint-letters = får ha högst { $most } tecken
complaint-reason = får ha högst { $most } tecken, på en rad
complaint-cart-lines = rymmer högst { $most } rader
complaint-file-cut = kom inte fram i sin helhet
complaint-file-form = måste skickas med formuläret
complaint-version = måste vara en av versionerna på sidan
complaint-medium = måste vara en av filerna på sidan
complaint-prices = importerades inte

# A new password that is not good enough.
password-short = Lösenordet har { $length } tecken; det behöver minst { $least }.
password-long = Lösenordet är längre än { $most } tecken; välj ett kortare.
password-repeats = Lösenordet upprepar samma få tecken; välj ett med fler olika.
password-name = Lösenordet innehåller ditt inloggningsnamn; välj ett som inte gör det.
password-old = Det nya lösenordet är det gamla; välj ett annat.

# Somebody who comes back from a sign-in service and is not let in.
elsewhere-not-begun = Den här inloggningen påbörjades inte i den här webbläsaren, eller tog för lång tid. Börja om.
elsewhere-unused = Leverantören används inte längre här. Logga in med ett lösenord.
elsewhere-denied = Leverantören släppte inte in dig. Försök igen, eller fråga din administratör.
elsewhere-not-trusted = Leverantörens svar gick inte att lita på. Börja om; om det inte hjälper, säg till din administratör.
elsewhere-no-role = Ingen av dina grupper har en roll här. Be din administratör ge dig en.
elsewhere-not-active = Du får inte logga in här längre. Fråga din administratör.
elsewhere-no-name = Din leverantör uppger varken inloggningsnamn eller e-postadress för dig.
elsewhere-name-unfit = Namnet som din leverantör uppger kan inte vara inloggningsnamn här.
elsewhere-name-taken = Någon här har redan ditt inloggningsnamn, med ett eget konto. Be din administratör ta bort eller byta namn på det.

# An application that asks in a way that cannot be answered.
authorize-twice = Applikationen skickade { $name } två gånger; det får skickas en gång.
authorize-unknown = Applikationen är inte känd här, eller har återkallats.
authorize-busy = Tjänsten är upptagen. Försök igen om en stund.
authorize-address = Applikationen bad om svar på en adress som inte är registrerad för den. Den som driver applikationen måste registrera exakt den adressen.
authorize-mode = Applikationen bad om svar på ett okänt sätt.

# Addresses and keys of applications.
redirect-wrong = { $address } går inte att ta emot: en omdirigeringsadress börjar med https://, eller med http:// och en loopback-värd, och har varken användare, lösenord eller fragment.
key-no-json = Nyckeln är inte JSON: { $why }.
key-private = Det här är en privat nyckel. Behåll den, skapa ett nytt par och registrera bara den publika halvan.
key-no-jwk = Nyckeln är ingen JSON Web Key (RFC 7517) av typen RSA, EC eller OKP.
key-kind = Nyckeln måste vara RSA, EC (P-256 eller P-384) eller Ed25519.
key-short = RSA-nyckeln måste ha minst 2048 bitar.
key-numbers = Nyckelns tal går inte att läsa.

# Why a passkey is not taken: the end of a sentence.
passkey-origin = lösennycklar fungerar inte på den här adressen: { $why }
passkey-no-name = den som saknar namn kan inte registrera en lösennyckel
passkey-too-many = du har redan så många lösennycklar som är tillåtna
passkey-none = det finns ingen lösennyckel
passkey-too-long = svaret är för långt
passkey-unreadable = { $what ->
    [answer] webbläsarens svar
    [state] förloppets tillstånd
    [passkey] lösennyckeln
   *[other] { $what }
} går inte att läsa
passkey-wrong-challenge = svaret hör till ett annat försök
passkey-wrong-origin = svaret gavs på en annan adress
passkey-framed = svaret gavs inuti en sida på en annan adress
passkey-not-verified = autentiseraren kontrollerade inte vem du är
passkey-unknown = lösennyckeln är ingen av dina
passkey-counter = lösennyckelns räknare har inte ökat: den kan ha kopierats
passkey-not-acceptable = lösennyckeln är redan registrerad, eller av ett slag som inte efterfrågades
passkey-refused = svaret avvisades

# Files that are imported: where, and what is wrong. Names and words of columns stay as the files have them.
import-row-of = rad { $line }, { $column }: { $why }
column-header = rubrikrad
column-row = hela raden
import-unreadable = går inte att läsa ({ $why })
import-no-csv = går inte att läsa som CSV i UTF-8
import-no-utf-8 = är inte UTF-8
import-control = får inte innehålla styrtecken
import-column-missing = kolumnen saknas i rubrikraden
import-row-short = raden slutar före den här kolumnen
import-row-twice = har samma artikel, marknad, valuta, löptid, fakturering, steg och början som rad { $first }
import-length = en text på 1 till { $most } byte väntades
import-wrong-product = { $text }: 12 bokstäver och siffror väntades
import-wrong-sku = { $text }: 1 till 4 bokstäver och siffror väntades
import-wrong-segment = { $text }: Commercial, Education, Government eller Charity väntades
import-wrong-term = { $text }: OneTime, P1M, P1Y, P3Y eller P5Y väntades
import-wrong-plan = { $text }: OneTime, Monthly, Annual eller Triennial väntades
import-wrong-market = { $text }: en landskod på två bokstäver väntades, som SE
import-wrong-currency = { $text }: en valutakod på tre bokstäver väntades, som EUR
import-wrong-price = { $text }: ett pris från 0 till 1000000000 med decimalpunkt och högst 8 decimaler väntades, som 1499.95
import-wrong-count = { $text }: ett heltal över 0 väntades, eller ingenting
import-wrong-instant = { $text }: en tidpunkt väntades, som 2020-01-01T00:00:00Z (UTC)
import-wrong-percent = { $text }: en procentsats från 0 till 100 med decimalpunkt väntades, till exempel 25.5
import-wrong-day = { $text }: en dag väntades, till exempel 2020-07-01
import-wrong-tags = { $text }: Software;Perpetual, Software;Subscription, Software;Linux eller Azure;Reservation väntades
import-date-out-of-range = datumet ligger efter år 9999
import-date-order = får inte ligga före EffectiveStartDate
import-tier-order = får inte vara mindre än PricingTierRangeMin
import-term-of-family = permanent programvara har OneTime (eller ingenting); allt annat har en löptid som P1Y
import-no-availability = har ingen tillgänglighet
import-sku-family = samma SKU är { $family ->
    [subscription] { family-one-subscription }
    [perpetual] { family-one-perpetual }
    [reservation] { family-one-reservation }
    [linux_plan] { family-one-linux-plan }
   *[other] { $family }
} på en tidigare rad
import-sku-clash = SKU { $sku } är { $old ->
    [subscription] { family-one-subscription }
    [perpetual] { family-one-perpetual }
    [reservation] { family-one-reservation }
    [linux_plan] { family-one-linux-plan }
   *[other] { $old }
} i katalogen och kan inte bli { $new ->
    [subscription] { family-one-subscription }
    [perpetual] { family-one-perpetual }
    [reservation] { family-one-reservation }
    [linux_plan] { family-one-linux-plan }
   *[other] { $new }
}
import-overlap = { $item } i { $row }: { $start } till { $end } och { $later } till { $last }
import-wrong-version = en version på högst 50 bokstäver, siffror, blanksteg och . - _ + ( ) väntades
import-keys-columns = kolumnerna ProductId och Key behövs; Version och Activations får utelämnas
import-keys-activations = måste vara ett heltal över 0, eller tomt
import-keys-product = 12 bokstäver och siffror väntades
import-keys-format = en nyckel som { $example } väntades
import-keys-free = en nyckel av högst 128 utskrivbara tecken väntades
import-keys-twice = är samma som på rad { $first }
import-keys-unknown = { $product } finns inte i katalogen; importera priserna först
import-keys-handed = har redan lämnats till en kund och kan inte säljas igen
import-keys-elsewhere = ligger i lager för en annan produkt, { $product }
complaint-not-electronic = är inte möjligt för det här dokumentet: { $why }
complaint-needed = måste anges
complaint-lines = får ha högst { $most } rader
complaint-country-code = måste vara ett land med två bokstäver, till exempel SE
complaint-region = måste vara en del av landet enligt ISO 3166-2, till exempel CA-QC
complaint-mail = måste vara en e-postadress
complaint-tax-id = måste vara ett momsregistreringsnummer i landet, till exempel { $example }
complaint-tax-id-country = { $id } är ett nummer i { $country } och inte i adressens land
complaint-electronic-address = måste vara schema, kolon och id, till exempel 0088:4012345000009 eller EM:faktura@example.com
complaint-iban = måste vara ett IBAN med rätt kontrollsiffror, till exempel DE89 3704 0044 0532 0130 00
complaint-bic = måste ha 8 eller 11 bokstäver och siffror, till exempel COBADEFF
import-rate-twice = är samma skatt som på rad { $line }, i kraft samtidigt
import-rate-ends = får inte ligga före effective_from
import-plan-of-family = bara prenumerationer betalas i flera omgångar; lämna tomt eller välj en plan som är lika lång som perioden
complaint-amount = måste vara över noll
complaint-day-ahead = får inte ligga framåt i tiden
complaint-entered-before = har redan registrerats
complaint-document-unknown = { $number } i { $currency } finns inte för den här partnern

# A list of machines, and licences in use.
list-number = { $text }: ett heltal från { $least } till { $most } väntas
list-rate = { $text }: ett timpris från 0 till 1000000 med högst 8 decimaler väntas, till exempel 0.376
list-name = ett namn saknas
list-name-twice = { $text } står redan i listan; ge varje rad ett eget namn och säg med Count hur många det är
list-size-or-cores = ange storleken, till exempel Standard_D4s_v3, eller antalet kärnor
list-size-unknown = ”{ $size }” är inte känd. Menade du { $near }? Ange annars antalet kärnor i en kolumn Cores
list-size-strange = ”{ $size }” är ingen känd storlek, som Standard_D4s_v3. Ange annars antalet kärnor i en kolumn Cores
list-region-unknown = det finns inga priser för ”{ $region }”: en av { $known } väntas, eller egna priser i LicensedRate och BaseRate
list-cores-differ = { $size } har { $cores } kärnor; utelämna en av de två uppgifterna
list-workload = { $text }: windows, sql_vm_standard, sql_vm_enterprise, sql_general_purpose eller sql_business_critical väntas
list-base-above = priset utan licens får inte vara högre än priset med licens
list-both-rates = ange både LicensedRate och BaseRate, eller ingetdera
list-host-windows = bara maskiner med Windows täcks av sin värd
list-host-cores = ange i HostCores hur många fysiska kärnor värden har
list-host-differs = värden angavs tidigare ha { $cores } kärnor
list-cells = har { $found } celler där rubrikraden har { $wanted }; skilj cellerna åt med { $separator } på varje rad
list-rows = en lista har högst { $most } rader
list-machines = en lista har högst { $most } maskiner
list-too-large = en lista har högst { $most } MB
list-too-dear = beloppen är för stora för att läggas ihop
list-empty = det finns ingen maskin i listan
list-column-twice = kolumnen står där två gånger
import-wrong-edition = { $text }: windows_standard, windows_datacenter, sql_standard eller sql_enterprise väntas
import-wrong-reservation-type = { $text }: ett slags reservation som VirtualMachines, SqlDatabases eller CosmosDb väntas
complaint-cores = måste vara ett heltal från 1 till { $most }
complaint-ends-before = får inte ligga före den första dagen
complaint-assurance-over = ligger i det förflutna: licenser vars Software Assurance har gått ut ger ingen förmån
complaint-licences-in-use = används: utan dem skulle { $cores } kärnlicenser { $edition } saknas. Avsluta användningar först
complaint-uses-many = hos en kund kan vara { $most } samtidigt
complaint-day-around = måste ligga inom { $most } dagar från i dag
complaint-cores-lack = räcker inte: den { $day } skulle { $cores } { $edition } saknas. De får inte användas två gånger samtidigt; köp fler, eller registrera färre
complaint-ended-already = angavs tidigare: användningen har avslutats
input-cores = Kärnlicenserna
input-through = Den sista dagen
input-started = Den första dagen
input-ended = Den sista dagen
input-note = Anteckningen
input-uses = Användningarna
input-licences = Licenserna
input-currency = Valutan
complaint-currency-unused = används på ingen marknad
complaint-declared-already = är redan uppgivna
complaint-migrated-before = { $name } har redan haft sina 180 dagar: det som har flyttats en gång flyttas inte igen
list-system = kör { $text }: förmånen gäller Windows och SQL Server; utelämna raden
complaint-webhook-address = måste vara en adress på internet som börjar med https://, utan användarnamn och lösenord
complaint-webhook-events = måste innehålla minst en händelse
complaint-webhook-event = måste vara en lista med dessa händelser: { $events }
complaint-reservation-name = måste ha 1 till { $most } tecken
complaint-azure-many = får vara högst { $most } per kund
complaint-azure-known = har kunden redan
complaint-azure-unknown = måste vara ett av kundens Azure-abonnemang som är i bruk
complaint-reservation-creating = håller ännu på att etableras
complaint-reservation-expired = har löpt ut
complaint-reservation-replaced = har delats eller slagits samman och är ersatt
complaint-reservation-returned = har lämnats tillbaka
complaint-cap-amount = måste vara ett belopp i { $currency }, noll eller mer
complaint-cap-day = får inte ligga i det förflutna: det som lämnats tillbaka förblir som det var
complaint-cap-months = måste vara ett heltal från 1 till { $most }
complaint-give-back-quantity = måste vara ett heltal från 1 till { $most }
complaint-give-back-credit = måste vara krediteringen som visades, till exempel 2596.70
complaint-reservation-parts = måste vara två heltal som tillsammans blir { $quantity }
complaint-reservation-one = måste vara två eller fler
complaint-reservation-apart = måste komma från en rad i en beställning och ha samma omfattning
complaint-reservation-many = får vara högst { $most }
input-statement = Kontoutdraget
input-paid-by = Betalaren
complaint-statement = är inget läsbart kontoutdrag i camt.053 (version 02, 06 eller 08): { $why }
complaint-statement-letters = måste vara skrivet i UTF-8
complaint-statement-entry = har en bokning vars belopp eller dag inte är klar: { $entry }. Ingenting av det togs emot
complaint-row-decided = har hanterats under tiden
complaint-row-unrecognised = nämner inget dokument hos någon partner
complaint-row-alike = kan redan vara registrerad, som { $before }
complaint-document-nowhere = nämner { $number }, som inte finns
complaint-documents-several = nämner dokument hos flera partner: registrera varje del för hand
complaint-payer-missing = saknas: skriv ett dokuments nummer eller en partners namn
complaint-payer-unknown = passar ingen partner: { $text }
complaint-payer-several = är flera partners namn; skriv id:t: { $ids }
complaint-days-many = får vara högst { $most }
input-days = Dagarna
complaint-payer-begun = är bara början på ett namn; skriv hela: { $names }
complaint-quote-foreign = har inte signerats här eller har ändrats sedan dess
complaint-quote-other = gäller en annan order
input-signedquote = Den signerade utfästelsen
complaint-quote-lines = gäller raderna { $promised } i ordern, men det här skulle annullera { $lines }
complaint-mail-of-operator = måste vara kundens egen adress, inte en i operatörens e-postdomän
complaint-policy-day = måste vara en dag efter i dag
complaint-policy-family = måste vara något som kan annulleras: prenumerationer eller permanent programvara
complaint-policy-there = har redan en egen rad; ta först tillbaka den
complaint-policy-counts = har börjat, och det som har köpts sedan dess följer den raden
complaint-policy-none = har ingen rad att ta tillbaka
input-email = E-postadressen
input-family = Produktslaget
complaint-policy-credit = måste vara full för permanent programvara, som inte har några oanvända dagar
complaint-margin-past = måste vara { $day } eller senare: det som bokförts ligger fast
complaint-margin-product = finns inte i katalogen
complaint-margin-many = är en för mycket: det finns { $most } regler; avsluta några först
complaint-margin-same = är det för en regel som redan gäller
complaint-margin-price-of = måste ange en produkt eller SKU när priset är ett eget
complaint-margin-currency = är ingen som det säljs i
