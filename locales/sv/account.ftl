# What several pages of this part say.
account-problem = Problem:

# Signing in.
sign-in-title = Logga in
sign-in-name = Inloggningsnamn
sign-in-name-hint = Det ser ut som en e-postadress: name@example.com
sign-in-password = Lösenord
sign-in-forgotten = Glömt lösenordet?
sign-in-or = eller
sign-in-with = Logga in med { $name }
sign-in-provider-unreachable = Den leverantören går inte att nå just nu. Försök igen, eller logga in med lösenord.

# The second step of signing in, and confirming it before something that matters.
second-factor-title = Andra steget
second-factor-title-again = Bekräfta att det är du
second-factor-lead = Visa din andra faktor för att bli klar med inloggningen.
second-factor-lead-again = Visa först din andra faktor igen. Den gäller i { $minutes ->
    [one] { $minutes } minut
   *[other] { $minutes } minuter
    }.
second-factor-code = Kod från din autentiseringsapp
second-factor-code-hint = Sex siffror. Appen visar en ny kod var 30:e sekund.
second-factor-go-on = Fortsätt
second-factor-use-passkey = Använd en lösennyckel
second-factor-use-recovery = Använd en återställningskod
second-factor-recovery = Återställningskod
second-factor-recovery-hint = En av koderna som du sparade när du ställde in den andra faktorn. Varje kod fungerar en gång.
second-factor-recovery-use = Använd koden
second-factor-stuck = Fungerar inget av detta? Be en administratör att återställa din andra faktor.
second-factor-other-name = Börja om med ett annat namn

# Passkeys, at signing in and on the security page.
passkey-noscript = En lösennyckel kräver JavaScript. Tillåt det för webbplatsen och läs in sidan igen.
passkey-noscript-or-code = En lösennyckel kräver JavaScript. Tillåt det för webbplatsen och läs in sidan igen, eller använd en kod.
passkey-text-cancelled = Inget bekräftades på din enhet. Försök igen.
passkey-text-duplicate = Den här enheten har redan en lösennyckel här.
passkey-text-network = Servern svarade inte, eller så är lösennycklar avstängda här. Om det är mer än 15 minuter sedan du visade din andra faktor, visa den igen på /second-factor och försök sedan på nytt.
passkey-text-failed = Lösennyckeln gick inte att använda. Försök igen, eller använd en annan andra faktor.

# Setting up an authenticator app.
totp-title = Ställ in en autentiseringsapp
totp-lead = En autentiseringsapp visar en ny sexsiffrig kod var 30:e sekund. Med den räcker det inte att stjäla ditt lösenord.
totp-get = Skaffa en app
totp-get-text = Vilken app för engångskoder (TOTP) som helst går bra, till exempel Microsoft Authenticator, Google Authenticator, Aegis eller en lösenordshanterare.
totp-add = Lägg till kontot i appen
totp-add-text = Välj i appen att lägga till ett konto och rikta kameran mot bilden.
totp-picture = QR-bild som lägger till { $account } i en autentiseringsapp. Samma hemlighet står nedanför som text.
totp-no-camera = Ingen kamera? Skriv in hemligheten i stället
totp-account = Konto
totp-secret = Hemlighet
totp-kind = Typ
totp-kind-text = Tidsbaserad, sex siffror, 30 sekunder
totp-type = Skriv koden som visas
totp-code = Sexsiffrig kod
totp-do = Ställ in

# Fresh recovery codes.
recovery-title = Dina återställningskoder
recovery-lead = Om du tappar bort telefonen eller lösennyckeln kan du i stället logga in en gång med var och en av koderna.
recovery-careful = <strong>De visas bara nu.</strong> Skriv ut sidan eller spara koderna i en lösenordshanterare innan du går vidare. Tidigare koder fungerar inte längre.
recovery-list = Återställningskoder
recovery-print = Skriv ut från webbläsarens meny. Förvara papperet där bara du kommer åt det, och inte ihop med lösenordet.
recovery-go-on = Jag har sparat dem, gå vidare

# Passwords: changing one's own, and what a new one must be.
password-title = Byt lösenord
password-title-first = Välj ett eget lösenord
password-lead-first = Du loggade in med ett tillfälligt lösenord som någon annan har sett. Byt det nu mot ett som bara du kan, så kommer du vidare.
password-temporary = Tillfälligt lösenord
password-current = Nuvarande lösenord
password-new = Nytt lösenord
password-again = Nytt lösenord igen
password-rules = Minst 12 tecken, högst 256; inte ditt namn, inte ditt gamla lösenord och inte samma tecken om och om igen. Långt är bättre än krångligt.
password-save-first = Spara och fortsätt
password-save = Byt lösenordet
password-back = Tillbaka utan att byta
password-new-differ = De två nya lösenorden är olika. Skriv samma två gånger.
password-differ = De två lösenorden är olika. Skriv samma två gånger.

# A forgotten password.
forgot-title = Glömt lösenord
forgot-lead = Skriv ditt inloggningsnamn. Vi skickar en länk för ett nytt lösenord till e-postadressen som hör till det.
forgot-send = Skicka länken
forgot-back = Tillbaka till inloggningen
forgot-sent-title = Titta i din e-post
forgot-sent-lead = Om inloggningsnamnet finns här är ett mejl med en länk för ett nytt lösenord på väg.
forgot-sent-wait = Länken fungerar en gång och bara en kort stund. Om inget kommer inom några minuter:
forgot-sent-junk = titta i skräpposten,
forgot-sent-again = <a href="/forgot">be om den igen</a> och kontrollera hur namnet stavas,
forgot-sent-ask = eller be en administratör om ett tillfälligt lösenord.
forgot-no-mail = Den här installationen skickar ingen e-post. Be din administratör om ett nytt tillfälligt lösenord.

# The page a mailed link leads to.
reset-title = Välj ett nytt lösenord
reset-lead = Det ersätter det gamla direkt.
reset-save = Spara lösenordet
reset-another = För gammal länk? Be om en ny
reset-done-title = Ditt lösenord är bytt
reset-done-lead = Du är utloggad överallt. Logga in med det nya lösenordet; din andra faktor är densamma.
reset-over = Länken är redan använd eller för gammal. Be om en ny.

# The first administrator of a fresh installation.
set-up-title = Konfigurera Chandlery
set-up-lead = Du skapar den första administratören. Kontot kan lägga till alla andra användare och applikationer, så ge det till en person och inte till ett team.
set-up-name = Ditt namn
set-up-do = Skapa administratören
set-up-over = Länken är redan använd eller för gammal. Starta om servern för att få en ny.

# Where a reseller's invitation leads.
invitation-title = { $partner } vill bli ert företags återförsäljare
invitation-lead = { $partner } ({ $country }) ber att få bli ert företags återförsäljare. Vill ni tacka ja, berätta för dem vad företaget heter juridiskt och vilken adress och domän det har; då lägger de till företaget, och er administratör får tillgång hit. Om du inte väntade dig det här, gör ingenting.
invitation-unknown-title = Inbjudan är okänd
invitation-unknown-lead = Länken är inte fullständig, eller så är återförsäljaren inte längre verksam. Be om en ny länk.

# One's own ways to sign in, sessions and applications allowed.
security-title = Säkerhet
security-password = Lösenord
security-password-hint = Byt det om någon annan kan ha fått reda på det.
security-password-change = Byt lösenord
security-app = Autentiseringsapp
security-app-there = Inställd
security-app-since = sedan
security-app-missing = Inte inställd
security-app-hint = Den ger en kod för inloggningens andra steg.
security-app-another = Ställ in en annan app i stället
security-app-add = Ställ in en app
security-passkeys = Lösennycklar
security-passkeys-hint = En lösennyckel finns på din telefon, dator eller säkerhetsnyckel och kan inte lämnas ut av misstag.
security-passkey-added-at = Tillagd
security-last-used = Senast använd
security-not-used = Inte använd än
security-passkey-remove = Ta bort<span class="unseen"> lösennyckeln { $name }</span>
security-passkey-name = Namn på en ny lösennyckel
security-passkey-name-hint = Så att du känner igen den, till exempel ”Jobbdatorn”.
security-passkey-add = Lägg till en lösennyckel
security-passkey-noscript = JavaScript krävs för att lägga till en lösennyckel. Tillåt det för webbplatsen och läs in sidan igen.
security-passkey-not-asked = Börja om: ingen lösennyckel hade begärts.
security-passkey-refused = Lösennyckeln godtogs inte: { $why }.
security-passkey-added = Lösennyckeln har lagts till.
security-passkey-gone = Den lösennyckeln finns inte längre.
security-passkey-only = Det här är din enda andra faktor. Lägg först till en annan och ta sedan bort den.
security-passkey-removed = Lösennyckeln har tagits bort.
security-recovery = Återställningskoder
security-recovery-none = Inga kvar
security-recovery-none-hint = Skapa nya, så att du inte blir utelåst om du tappar bort telefonen.
security-recovery-left = { $count ->
    [one] { $count } kvar
   *[other] { $count } kvar
}
security-recovery-hint = { $count ->
    [one] Skapa nya snart. Nya koder gör den gamla ogiltig.
   *[other] Nya koder gör de gamla ogiltiga.
}
security-recovery-make = Skapa nya koder
security-sessions = Här är du inloggad
security-session-this = Den här
security-session-from = Från <span class="address">{ $address }</span>
security-session-began = Inloggad
security-session-seen = Senast aktiv
security-session-end = Avsluta
security-session-end-which = sessionen i { $what }, senast aktiv
security-session-over = Den sessionen är redan avslutad.
security-session-ended = Sessionen har avslutats.
security-end-all-hint = Något du inte känner igen? Logga ut överallt, även i den här webbläsaren, och byt sedan lösenord.
security-end-all = Logga ut överallt
security-browser-on = { $browser } på { $system }
security-browser-unknown = En okänd webbläsare
security-grants = Applikationer som agerar för dig
security-grants-none = Inga. När du tillåter en applikation något visas den här.
security-grant-began = Tillåten
security-grant-revoke = Återkalla<span class="unseen"> det som { $name } får göra</span>
security-grant-unnamed = En återkallad applikation
security-grant-revoked = Från och med nu får applikationen inte längre agera för dig.
security-grant-gone = Den applikationen har inte längre något tillstånd.

# The people of one's own company.
users-title = Användare
users-add = Lägg till en användare
users-none = Ingen finns på listan än. Lägg till den första användaren med knappen ovan.
users-name = Namn
users-roles = Roller
users-state = Status
users-factor = Andra faktor
users-roles-none = Inga
users-active = Aktiv
users-inactive = Får inte logga in
users-factor-there = Inställd
users-factor-missing = Inte inställd
users-more = Fler användare
users-all = Alla användare
users-disabled = Användaren är spärrad och kan inte logga in.
users-self = Det här är ditt eget konto. Lösenordet och den andra faktorn finns på sidan <a href="/account">Säkerhet</a>.
users-form = Namn och roller
users-next-password = Sedan får du se ett tillfälligt lösenord att lämna vidare. Användaren byter det vid första inloggningen.
users-save = Spara
users-add-do = Lägg till användaren
users-saved = Sparat. Det gäller från och med nu.
users-help = Om användaren inte kan logga in
users-reset-password = Återställ lösenordet
users-reset-password-text = Det nuvarande lösenordet slutar fungera, och du får se ett tillfälligt att lämna vidare.
users-reset-password-do = Återställ lösenordet nu
users-reset-factor = Återställ den andra faktorn
users-reset-factor-text = Autentiseringsapp, lösennycklar och återställningskoder tas bort, och användaren ställer in nya. Förvissa dig först, per telefon eller öga mot öga, om att det verkligen är användaren som ber om det.
users-reset-factor-do = Återställ den andra faktorn nu
users-reset-factor-done = De andra faktorerna är borttagna; vid nästa inloggning krävs en ny.
users-disable = Spärra användaren
users-disable-text = Användaren loggas ut överallt och kan inte logga in förrän spärren har hävts. Inget raderas.
users-disable-do = Spärra nu
users-enable = Häv spärren
users-enable-text = Användaren kan logga in igen med samma lösenord och roller.
users-enable-do = Häv spärren nu
users-role-locked = Du kan inte ändra den här rollen.
users-roles-nothing = Det finns ingen roll att ge.
users-role-refused = Du får varken ge eller ta bort rollen { $role }.
users-password-careful = <strong>Det visas bara nu.</strong> Lämna det vidare per telefon eller öga mot öga, inte i samma mejl som inloggningsnamnet. Det måste bytas vid första inloggningen.
users-password-back = Jag har antecknat det, gå tillbaka

# The roles, and what one is told of each.
role-operator-admin = Operatörens administratör
role-operator-admin-about = Driver den här installationen.
role-operator-support = Operatörens support
role-operator-support-about = Svarar på ärenden; ändrar inget.
role-global-admin = Global administratör
role-global-admin-about = Allt som rör företaget; öppnar inga nycklar och annullerar inget.
role-admin-agent = Administratörsagent
role-admin-agent-about = Arbetar för kunder; den enda rollen som öppnar nycklar och annullerar.
role-sales-agent = Försäljningsagent
role-sales-agent-about = Kunder, ordrar och avtal.
role-helpdesk-agent = Helpdesk-agent
role-helpdesk-agent-about = Slår upp kunder och hjälper dem.
role-billing-admin = Faktureringsadministratör
role-billing-admin-about = Fakturor och priser.
role-user-management-admin = Användaradministratör
role-user-management-admin-about = Personer och deras roller.
role-account-admin = Kontoadministratör
role-account-admin-about = Företagets profil och företagsroller.
role-referrals-admin = Hänvisningsadministratör
role-referrals-admin-about = Läser aktivitetsloggen.
role-marketing-content-admin = Marknadsinnehållsadministratör
role-marketing-content-admin-about = Läser aktivitetsloggen.
role-mpn-partner-admin = Partnerprogramsadministratör
role-mpn-partner-admin-about = Programmets profil och priser.
role-customer-global-admin = Kundens globala administratör
role-customer-global-admin-about = Kundens egen administratör.
role-customer-billing-admin = Kundens faktureringsadministratör
role-customer-billing-admin-about = Kundens egen fakturering.
role-customer-user = Kundens användare
role-customer-user-about = Alla andra hos kunden.

# Applications and their credentials.
apps-title = Applikationer
apps-add = Lägg till en applikation
apps-badge-public = Publik
apps-badge-revoked = Återkallad
apps-client-id = Klient-id
apps-roles = Roller
apps-roles-none = Inga
apps-redirects = Omdirigeringsadresser
apps-redirects-none = Inga: den loggar inte in någon
apps-credentials = Hemligheter och nycklar
apps-credential-secret = Hemlighet
apps-credential-key = Publik nyckel
apps-credential-added = Tillagd
apps-credential-expires = Går ut:
apps-credential-never = aldrig
apps-credential-remove = Ta bort
apps-credential-remove-which = { $credential } för { $name }
apps-credential-removed = Hemligheten eller nyckeln har tagits bort och får inga fler token. De token som redan har utfärdats gäller i högst en timme; återkalla applikationen för att avsluta dem nu.
apps-secret-add = Lägg till en hemlighet<span class="unseen"> för { $name }</span>
apps-secret-text = Servern skapar den och visar den en gång. Hemligheterna ovan fortsätter att fungera, så du kan byta utan avbrott.
apps-secret-make = Skapa en hemlighet
apps-key-add = Lägg till en publik nyckel<span class="unseen"> för { $name }</span>
apps-key-jwk = Publik nyckel som JWK
apps-key-hint = Ett JSON-objekt som börjar med {"{"}"kty": … Klistra aldrig in en privat nyckel (en med fältet "d").
apps-key-do = Lägg till nyckeln
apps-key-added = Den publika nyckeln för { $name } har lagts till.
apps-revoke = Återkalla<span class="unseen"> { $name }</span>
apps-revoke-text = { $name } slutar fungera direkt och för gott. Applikationen står kvar på listan, så att tidigare poster behåller sitt namn.
apps-revoke-do = Återkalla nu
apps-none = Det finns ingen applikation än.
apps-name = Namn
apps-name-hint = Det visas när någon tillåter applikationen något.
apps-redirects-hint = Dit man kommer tillbaka efter inloggningen: en fullständig adress per rad, precis som applikationen skickar den. Lämna tomt om applikationen inte loggar in någon.
apps-public = Publik applikation
apps-public-hint = Den körs på användarnas egna enheter eller i deras webbläsare, så den kan inte bevara en hemlighet och får ingen.
apps-add-do = Lägg till applikationen
apps-added = { $name } har registrerats. Klient-id:t är { $id }.
apps-problem = { $field }: { $why }.
apps-role-refused = Du får inte ge rollen { $role }.
apps-secret-title = Hemlighet för { $name }
apps-secret-careful = <strong>Den visas bara nu.</strong> Lägg den direkt i applikationens eget hemlighetsvalv, aldrig i koden eller i ett mejl. Om den kommer bort, lägg till en ny och ta bort den här.
apps-secret-secret = Hemlighet
apps-secret-back = Jag har sparat den, gå tillbaka
apps-unfit = Applikationen kan inte användas

# The page that posts an answer back to an application.
post-back-title = Tillbaka till applikationen
post-back-lead = Du är på väg tillbaka. Om inget händer, välj Fortsätt.
post-back-continue = Fortsätt

# Connecting a device.
device-title = Anslut en enhet
device-title-allow = Tillåt den här enheten?
device-wants = <strong>{ $application }</strong> vill agera för dig på en annan enhet.
device-code-there = Kod på enheten
device-careful = Fortsätt bara om du själv påbörjade detta på din egen enhet och den visar samma kod. Om någon skickade koden till dig, välj Neka.
device-allow = Tillåt
device-deny = Neka
device-lead = Skriv koden som enheten eller applikationen visar.
device-code = Kod
device-code-hint = Bokstäver och siffror; versaler och bindestreck spelar ingen roll.
device-go-on = Fortsätt
device-unknown = Ingen enhet i ditt företag väntar med den koden. Titta på enheten igen; koder gäller i 15 minuter.
device-allowed-title = Enheten får agera för dig
device-allowed-lead = { $application } fortsätter nu av sig själv. Du kan stänga sidan.
device-denied-title = Enheten nekades
device-denied-lead = Den får inte agera för dig. Du kan stänga sidan.
device-account = Ditt konto

# Keys that wait for a second person.
approvals-title = Godkännanden
approvals-none = Ingen nyckel väntar på en andra person. När någon i ditt företag vill öppna en produktnyckel godkänner en annan administratörsagent det här.
approvals-what = { $title }, nyckel för version { $version }, order { $order }, till { $customer }
approvals-some-purchase = Ett köp
approvals-some-customer = en kund
approvals-some-program = ett program
approvals-purchase = Köpet
approvals-asked = Begärt { $asked } av { $name }
approvals-until = Öppet till { $ends }
approvals-reason = Skäl: { $reason }
approvals-mine = Någon annan måste godkänna.
approvals-agree = Godkänn<span class="unseen"> { $what }</span>
approvals-agreed = Du har godkänt. Den som frågade kan öppna nyckeln till { $ends }.

# Downloads by link.
download-unknown-title = Nedladdningslänken finns inte
download-unknown-lead = Kontrollera att hela länken kopierades: den är lång, och e-postprogram bryter av den. Be annars avsändaren om en ny.
download-expired-title = Nedladdningslänken har gått ut
download-expired-lead = Den gällde till { $at }.
download-used-title = Nedladdningslänken är förbrukad
download-used-lead = Alla nedladdningar som den tillät är gjorda.
download-revoked-title = Nedladdningslänken har återkallats
download-revoked-lead = Det som den hörde till annullerades eller drogs tillbaka { $at }. Fråga din programvarupartner om du fortfarande behöver det.
download-closed-title = Nedladdningslänken kan inte användas nu
download-next = Din programvarupartner, eller ert företags administratör i sin portal under Programvara, hämtar en ny länk med ”Hämta nycklar och nedladdningar”, så ofta det behövs.
download-later-title = Inte nu
download-later-full = Just nu laddas det ner för mycket; försök igen om några sekunder.
download-later-unreadable = Filen går inte att läsa just nu. Driftansvarig har fått veta det; försök igen senare.
download-later-busy = Tjänsten är upptagen; försök igen om några sekunder.
download-medium-unknown-title = Mediet finns inte
download-medium-unknown-lead = Ta manifestets adress från sidan eller svaret som nedladdningen kom med.

# When something went wrong.
trouble-not-found-title = Hittades inte
trouble-not-found-lead = Det finns inte här, eller är inte till för dig.
trouble-not-allowed-title = Inte tillåtet
trouble-not-allowed-lead = Dina roller tillåter inte det här. En Global administratör i ditt företag kan ge dig rollen.
trouble-invalid-title = Det här går inte att ta emot
trouble-refused-title = Det här går inte att göra
trouble-signed-out-title = Utloggad
trouble-signed-out-lead = Logga in igen för att fortsätta.
trouble-changed-title = Ändrat under tiden
trouble-changed-lead = Någon ändrade samma sak i samma ögonblick. Gå tillbaka och försök igen.
trouble-busy-title = Upptaget
trouble-busy-lead = Tjänsten är upptagen. Inget har ändrats; försök igen om en stund.
trouble-broken-title = Något gick sönder
trouble-broken-lead = Inget har ändrats. Driftansvarig hittar orsaken i sin logg under { $id }.
trouble-back = Tillbaka till startsidan
trouble-sign-in = Logga in
trouble-wrong-password = Namnet eller lösenordet stämmer inte. Försök igen.
trouble-wrong-current = Det nuvarande lösenordet stämmer inte. Försök igen.
trouble-wrong-code = Koden stämmer inte. Försök igen.
trouble-wrong-recovery = Återställningskoden stämmer inte. Försök igen.
trouble-wrong-passkey = Lösennyckeln stämmer inte. Försök igen.
trouble-wrong-passkey-answer = Lösennyckelns svar stämmer inte. Försök igen.
trouble-wrong-sign-in = Inloggningen stämmer inte. Försök igen.
trouble-wrong-link = Länken stämmer inte. Försök igen.
trouble-wait = För många försök. Vänta { $seconds } s och försök sedan igen.
trouble-over = Inloggningen är över, eller så är steget redan taget. Logga in igen.
trouble-sign-in-busy = Tjänsten är upptagen. Försök igen om en stund.
sign-in-portal = För kunder: dina produkter, nycklar och nedladdningar.
sign-in-not-customer = Arbetar du hos partnern?
sign-in-partners = Partner loggar in här
