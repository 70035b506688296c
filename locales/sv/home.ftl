# The first page, the search, and the portal's own pages.
home-hello = Hej { $name }
home-buy = Välj en kund att köpa för
home-closing = Annulleringsfrister som går ut
home-closing-none = Ingen annulleringsfrist går ut inom två veckor.
home-waiting = Order som väntar på nycklar
home-waiting-none = Ingen order väntar på produktnycklar.
home-ending = Löptider som går ut
home-ending-none = Ingen prenumeration upphör eller förnyas inom 30 dagar.
home-unsealed = Fler än { $count } poster i aktivitetsloggen väntar på att förseglas. Säg till operatören om det inte ändras.
home-adding-up = Siffrorna räknas samman. De står här när du kommer tillbaka om en stund.
home-chart = Köp och krediteringar per månad, i { $currency }
home-bought = Köpt
home-back = Krediterat
home-table = Som tabell och per produktfamilj
home-month = Månad
found-orders = Order
found-type-more = Skriv minst två bokstäver av ett företags namn eller domän eller en produkts titel, ett Microsoft-id eller början på ett ordernummer.
found-nothing = Inget hittades för ”{ $text }”.
home-chart-part = { $family }, { $amount }
home-answered = Svar från supporten
home-answered-none = Alla svar på dina ärenden är lästa.
found-products = Produkter att köpa
portal-agreement = Kundavtal
portal-agreement-lead = Ditt företag godkänner kundavtalet en gång, innan dess partner kan köpa något åt det.
portal-agreement-accepted = Godkänt av { $who } { $date }.
portal-agreement-box = Jag godkänner kundavtalet för mitt företag.
portal-agreement-accept = Godkänn
portal-agreement-tick = Kryssa i rutan för att godkänna avtalet.
portal-agreement-done = Avtalet är godkänt.

# The partner's own company.
company-name = Företagsnamn
company-id = Partner-id
company-programme = Program-id
company-currency = Faktureras i
company-regions = Försäljningsregioner
company-active = Får handla
company-inactive = Får inte handla just nu
company-hint = Det är operatören som ändrar uppgifterna. Öppna ett supportärende om något ska ändras.

# What a house is called and coloured.
way-look = Namn och färger
brand-lead = Dina kunder ser det här namnet och den här färgen i sin portal. Där du inte väljer något ser de operatörens.
brand-lead-operator = Alla som loggar in här ser det här namnet och den här färgen. En partners kunder ser det som partnern har valt, om den har valt något.
brand-name = Namn
brand-colour = Färg på länkar och knappar
brand-colour-hint = Sex tecken, till exempel #0b5a7a; tomt för den vanliga. Där den vore svår att läsa visas närmaste läsbara nyans.
brand-colour-wrong = Ange en färg med sex tecken, till exempel #0b5a7a.
brand-pick = Välj en färg
brand-preview = Så här ser det ut
brand-preview-link = En länk
brand-preview-button = En knapp
brand-saved = Namn och färg har sparats.
home-webhooks-given-up = Anrop till ert program gavs upp. Se varför, och skicka dem igen.
