# Varför något nekades och vad du gör härnäst.

# En plats i en mening; listan har namnen som inte går med bara "i".
refusal-in-country = { $code ->
    [AX] på Åland
    [AW] på Aruba
    [BB] på Barbados
    [BM] på Bermuda
    [BS] på Bahamas
    [BV] på Bouvetön
    [CC] på Kokosöarna
    [CF] i Centralafrikanska republiken
    [CK] på Cooköarna
    [CW] på Curaçao
    [CX] på Julön
    [CY] på Cypern
    [DM] på Dominica
    [DO] i Dominikanska republiken
    [FJ] på Fiji
    [FK] på Falklandsöarna
    [FO] på Färöarna
    [GD] på Grenada
    [GG] på Guernsey
    [GL] på Grönland
    [GP] på Guadeloupe
    [GU] på Guam
    [HK] i Hongkong
    [HM] på Heard- och McDonaldöarna
    [IM] på Isle of Man
    [IO] i Brittiska territoriet i Indiska oceanen
    [IS] på Island
    [JE] på Jersey
    [JM] på Jamaica
    [KM] på Komorerna
    [KY] på Caymanöarna
    [MG] på Madagaskar
    [MH] på Marshallöarna
    [MO] i Macao
    [MP] på Nordmarianerna
    [MQ] på Martinique
    [MT] på Malta
    [MU] på Mauritius
    [MV] på Maldiverna
    [NF] på Norfolkön
    [PN] på Pitcairnöarna
    [PS] i de palestinska territorierna
    [RE] på Réunion
    [SB] på Salomonöarna
    [SC] på Seychellerna
    [SJ] på Svalbard och Jan Mayen
    [TC] på Turks- och Caicosöarna
    [TF] i Franska sydterritorierna
    [UM] på USA:s yttre öar
    [VA] i Vatikanstaten
    [VG] på Brittiska Jungfruöarna
    [VI] på Amerikanska Jungfruöarna
   *[other] i { $country }
}

# Vem som får göra vad
refusal-role-missing = Dina roller tillåter inte detta. En administratör på ditt företag kan ge dig en roll som gör det.
refusal-needs-person = Bara en person får göra detta, inte ett program. Logga in själv och försök igen.
refusal-second-factor-missing = Du loggade in utan en andra faktor. Logga in igen med en och fortsätt sedan.
refusal-fresh-factor-needed = Du visade din andra faktor för mer än { $minutes ->
    [one] en minut
   *[other] { $minutes } minuter
} sedan. Visa den igen och fortsätt sedan.
refusal-role-not-assignable = Du får varken ge eller ta bort rollen ”{ $role }”. Fråga en administratör som får det.
refusal-partner-not-active = Ditt företag kan inte handla just nu. Fråga operatören om det.

# Kunden
refusal-agreement-missing = Kunden har inte godkänt kundavtalet än. Bekräfta det först och köp sedan.
refusal-customer-under-review = Kunden granskas just nu. Inget kan köpas förrän det är klart; försök igen senare.
refusal-agreement-already-confirmed = Avtalet har redan bekräftats för samma person. Det finns inget mer att göra.
refusal-agreed-in-future = Dagen för godkännandet ligger i framtiden. Ange den dag då kunden godkände.
refusal-domain-taken = Domännamnet { $domain } är upptaget. Välj ett annat.
refusal-registration-number-missing = Kunder { refusal-in-country } behöver ett registreringsnummer. Fyll i det och spara igen.
refusal-registration-number-not-taken = Kunder { refusal-in-country } registreras utan registreringsnummer. Lämna fältet tomt och spara igen.
refusal-phone-missing = Kunder { refusal-in-country } behöver ett telefonnummer. Fyll i det och spara igen.

# Katalogen
refusal-product-unknown = Det finns ingen produkt { $product }. Välj en ur katalogen.
refusal-sku-unknown = Produkten finns inte i varianten { $sku }. Välj en ur katalogen.
refusal-availability-unknown = Artikeln { $item } finns inte kvar. Katalogen ändras med tiden: öppna den igen och välj på nytt.
refusal-market-blocked = { $family } säljs inte { refusal-in-country }. Ta bort { $item } ur varukorgen.
refusal-not-sold-in-country = Artikeln { $item } säljs inte { refusal-in-country }. Ta bort den ur varukorgen eller välj en annan.
refusal-region-not-granted = Ditt företag får inte sälja { refusal-in-country }. Be operatören om den regionen.
refusal-wrong-segment = Artikeln { $item } är till för en annan sorts kund ({ $segment }). Välj en som passar den här kunden.
refusal-term-not-offered = Artikeln { $item } säljs inte med den här löptiden och faktureringsperioden. Den säljs så här: { $offered }. Välj något av det.
refusal-quantity-out-of-range = Antalet { $quantity } passar inte för { $item }: den säljs i { $minimum } till { $maximum } exemplar. Ändra antalet.

# Varukorgen
refusal-cart-empty = Varukorgen är tom. Lägg något i den först.
refusal-cart-has-errors = Inget köptes. Dessa delar av varukorgen nekades av olika skäl: { $lines }. Ändra eller ta bort deras rader och försök igen.
refusal-cart-expired = Varukorgen gick ut { $expired }. Börja på en ny.
refusal-credit-exceeded = Ert företags kreditgräns räcker inte: köpet är på { $purchase }, och av { $limit } återstår { $available }. Inget har köpts. Betalningar ger utrymme; förnyelser och det som redan löper påverkas inte.
refusal-cart-already-ordered = Varukorgen är redan beställd och kan inte ändras. Titta bland ordrarna eller börja på en ny varukorg.

# Ordern
refusal-line-unknown = Det finns ingen rad { $number } i ordern. { $count ->
    [one] Den har en rad.
   *[other] Den har { $count } rader.
} Öppna ordern igen och välj en av dem.
refusal-line-mismatch = Rad { $number } i ordern är { $item }, inte det som valdes. Öppna ordern igen och välj på nytt.
refusal-order-in-progress = Ordern håller på att utföras. Vänta en stund, titta på ordern igen och försök sedan igen.
refusal-already-cancelled = Detta är redan annullerat. Det finns inget mer att göra.
refusal-credit-lapsed = Krediteringen är nu { $now }: { $promised } utlovades till { $until }, och dagar har förbrukats sedan dess. Inget har annullerats.
refusal-credit-changed = Krediteringen är nu { $now }, inte de { $promised } som utlovades: ordern eller reglerna har ändrats sedan dess. Inget har annullerats.
refusal-not-cancellable = { $family } kan inte annulleras. Det kan bara { family-subscription } och { family-perpetual }.
refusal-window-days = { $count ->
    [one] { $count } dag
   *[other] { $count } dagar
}
refusal-window-hours = { $count ->
    [one] { $count } timme
   *[other] { $count } timmar
}
refusal-window-closed = Annulleringstiden på { $window } är över; den gick ut { $closed }. Köpet kan inte längre annulleras.

# Prenumerationen
refusal-quantity-fixed = Antalet i en programvaruprenumeration kan inte ändras. Köp en till, eller annullera den här i tid och köp på nytt.
refusal-subscription-ended = Prenumerationen är slut och kan inte ändras. Köp produkten på nytt för att fortsätta använda den.
refusal-status-change = Prenumerationen kan inte gå från ”{ $from }” till ”{ $to }”. Ladda om sidan för att se hur den ligger till.
refusal-billing-cycle-fixed = Faktureringsperioden bestäms vid köp och förnyelse. Den kan inte ändras däremellan.
refusal-reseller-fixed = Den registrerade återförsäljaren bestäms vid köpet. Den kan inte ändras efteråt.
refusal-stale-etag = Någon ändrade detta efter att du öppnade sidan. Ladda om sidan och gör din ändring en gång till.

# Nycklar och nedladdningar
refusal-key-revoked = Produktnyckeln återkallades med köpet och kan inte visas.
refusal-no-such-medium = Den kombinationen av version, språk, bitantal och filtyp finns inte. Det finns: { $offered }. Välj något av det.
refusal-no-such-medium-none = Det finns inget att ladda ned för den här produkten än. Försök igen senare.
refusal-no-such-medium-more = och { $count } till
refusal-version-not-covered = Köpet omfattar inte den här versionen. Det omfattar: { $covered }. Välj något av det.
refusal-version-not-covered-none = Köpet omfattar än så länge ingen version med nycklar eller nedladdningar. Försök igen senare.
refusal-no-key-in-stock = Det finns ingen produktnyckel för version { $version } i lager. Operatören har fått veta det; försök igen senare.
refusal-nothing-bought = Det finns inget att öppna eller ladda ned: det har inte köpts, har annullerats eller väntar på att lämnas ut. Titta på ordern för att se vilket.
refusal-term-over = Löptiden gick ut { $ended }, och med den nycklar och nedladdningar. Köp produkten på nytt för att fortsätta använda den.
refusal-reason-missing = Operatören vill veta varför en produktnyckel öppnas. Ange ett skäl och försök igen.
refusal-second-person-needed = En andra person måste godkänna innan nyckeln öppnas. Någon annan med rollen ”{ $role }” godkänner under ”{ way-approvals }”; öppna sedan nyckeln igen.
refusal-own-question = Den som frågade kan inte själv godkänna. Det måste någon annan med rollen ”{ $role }” göra.
refusal-question-closed = Detta har redan besvarats, eller så är tiden ute. Fråga igen.
refusal-azure-unknown = Kunden har inget Azure-abonnemang { $id }. Lägg till det under Reservationer, eller utelämna det.
refusal-azure-suspended = Azure-abonnemanget { $id } är pausat. Välj ett annat.
refusal-azure-not-registered = Azure-abonnemanget { $id } är inte registrerat för reservationer. Registrera det under Reservationer.
refusal-never-given-back = Reservationer av det här slaget ({ $kind }) kan varken lämnas tillbaka eller bytas.
refusal-refund-cap-passed = { $worth } skulle komma tillbaka, men för kunden återstår bara { $left } av { $most } under { $months } månader. Lämna tillbaka färre, byt, eller fråga oss.
refusal-refund-cap-unknown = Vi har ännu inte sagt hur mycket som får komma tillbaka i { $currency }. Fråga oss.
refusal-exchange-other-type = En reservation byts bara mot en av samma slag: den här är för { $from }, den andra för { $to }.
refusal-exchange-too-small = Den nya reservationen kostar { $commitment }. Den måste kosta minst vad den gamla är värd: { $worth }.
refusal-commitment-changed = Den nya reservationen kostar nu { $now }, inte de { $shown } som visades. Inget har bytts.
refusal-webhook-registered = Programmet är redan registrerat. Ändra den registrering som finns.
refusal-tests-not-registered = Händelsen test-created är inte registrerad. Kryssa för den och spara, skicka sedan ett test.
refusal-tests-too-often = Högst { $count } tester kan skickas i minuten. Vänta en minut.
refusal-link-over = Nedladdningslänken gäller inte längre. Skapa en ny.
refusal-not-never-opened = Det går inte att intyga att ingen nyckel har öppnats: { $why }.
refusal-not-never-opened-live = raden är inte annullerad
refusal-not-never-opened-no-keys = det som köptes har inga produktnycklar
refusal-not-never-opened-opened = en nyckel på den här raden har öppnats
refusal-not-never-opened-logged = enligt loggen har en nyckel på den här raden öppnats
refusal-not-never-opened-other = villkoren för det är inte uppfyllda

# Det som inte går att räkna ut
refusal-money-overflow = Beloppet är för stort. Välj ett mindre antal.
refusal-money-mixed-currencies = Belopp i { $first } och { $second } kan inte läggas ihop. Köp var för sig.
refusal-calendar-no-end = Ett engångsköp har inget slut. Välj en annan löptid.
refusal-calendar-out-of-range = Dagen ligger bortom år 9999. Välj en tidigare.
refusal-calendar-unknown-term = Den löptiden finns inte. Välj en av dem som erbjuds.
refusal-calendar-unknown-cycle = Den faktureringsperioden finns inte. Välj en av dem som erbjuds.

# Ärenden till operatören
refusal-needs-request = Portalen kan inte avgöra det själv; skicka ett supportärende till operatören.
refusal-needs-request-credited-before = En del av ordern har redan krediterats i undantagsfall.
refusal-needs-request-refund-open = Ett ärende om återbetalning av ordern är öppet.
refusal-needs-request-type-unknown = Vi har ännu inte sagt av vilket slag den här reservationen är.
refusal-needs-request-tax-differs = Den nya reservationen beskattas annorlunda än den här.
refusal-request-closed = Ärendet är stängt. Öppna det igen först, eller skicka ett nytt.
refusal-reopen-over = { $days ->
    [one] Ärendet stängdes för mer än { $days } dag sedan och kan inte öppnas igen. Skicka ett nytt.
   *[other] Ärendet stängdes för mer än { $days } dagar sedan och kan inte öppnas igen. Skicka ett nytt.
}
refusal-credit-too-much = Högst { $left } kan krediteras på raden: det som har debiterats och inte krediterats än.
refusal-payment-late = Faktura { $number } förföll den { $due } och { $open } av den är obetalt. Inget kan köpas förrän den är betald; det som löper fortsätter.
