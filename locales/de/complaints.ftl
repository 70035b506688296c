# What is wrong with something somebody gave. Programs and the command line are told the English, without a full stop
# where the sentence begins with the input's name.

complaint-plain = { $text }

# What an input is called, as the beginning of a sentence.
input-userprincipalname = Der Anmeldename
input-name = Der Name
input-amount = Der Betrag
input-reference = Der Verwendungszweck
input-friendlyname = Der Name
input-displayname = Der Name
input-commitment = Was die neue Reservierung kostet
input-credit = Die Gutschrift
input-quantity = Die Anzahl
input-most = Der Betrag
input-months = Die Monate
input-reservation = Die Reservierung
input-quantities = Die Teile
input-sources = Die Reservierungen
input-appliedscopes = Das Azure-Abonnement
input-id = Die ID
input-azuresubscriptions = Die Azure-Abonnements
input-webhookurl = Die Adresse
input-webhookevents = Die Ereignisse
input-number = Das Dokument
input-format = Dieses Format
input-roles = Die Rollen
input-redirecturi = Die Weiterleitungsadresse
input-redirecturis = Die Weiterleitungsadressen
input-jwk = Der öffentliche Schlüssel
input-client-id = Die Anwendung
input-credential = Das Geheimnis oder der Schlüssel
input-activations = Die Aktivierungen
input-description = Die Beschreibung
input-key = Der Product Key
input-text = Der Text
input-reason = Der Grund
input-partner = Der Partner
input-country = Das Land
input-day = Der Tag
input-from = Der erste Tag
input-product = Das Produkt
input-value = Der Wert
input-work = Die Aufgabe
input-billingcycle = Der Abrechnungszeitraum
input-cart = Der Warenkorb
input-acknowledged = Die Bestätigung
input-files = Die Dateien
input-file = Die Datei
input-version = Die Version
input-medium = Die Datei
input-prices = Die Preise

# The end of such a sentence.
complaint-name-form = muss wie name@domain aussehen und darf höchstens 113 Zeichen haben
complaint-name-taken = ist vergeben; wählen Sie einen anderen
complaint-roles-last = würden niemanden übrig lassen, der die anderen verwalten kann; geben Sie die Rolle zuerst jemand anderem
complaint-roles-unknown = müssen von dieser Liste sein
complaint-roles-public = müssen leer sein: Eine öffentliche Anwendung handelt nur für Menschen
complaint-application-name = muss 1 bis 100 Zeichen haben
complaint-redirects-many = dürfen höchstens zehn sein
complaint-applications-many = kann nicht registriert werden: Widerrufen Sie Anwendungen, die nicht mehr gebraucht werden
complaint-public-credential = ist öffentlich und kann nichts geheim halten
complaint-credentials = kann nicht hinzugefügt werden: Es gelten schon { $most }; entfernen Sie zuerst, was nicht mehr gebraucht wird
complaint-activations-unlimited = sind bei diesem Produkt nicht begrenzt; Sie müssen nichts anfragen
complaint-activations = müssen mehr als die { $allowed } sein, die der Schlüssel erlaubt, und höchstens { $most }
complaint-description = muss sagen, warum, mit höchstens { $most } Zeichen
complaint-key-asked = ist schon Gegenstand einer offenen Anfrage; warten Sie die Antwort ab
complaint-partner-admin = hat schon einen Globalen Administrator
complaint-country-unknown = ist kein Markt
complaint-country-listed = steht schon auf der Liste
complaint-day-past = darf nicht vor heute und nicht vor dem ersten Tag liegen
complaint-day-said = wurde schon früher festgelegt
complaint-day-form = muss ein Tag wie 2020-01-24 sein
complaint-work-no-mail = kann nur aufgegeben werden, wenn sie eine E-Mail ist
complaint-billing-cycles = muss für alle Positionen einer Bestellung derselbe sein; nehmen Sie für mehrere einen Warenkorb
complaint-no-keys = hat keine Product Keys auf Lager
complaint-never-back = muss angekreuzt sein: Pläne für SUSE und Red Hat werden nie storniert, umgetauscht oder erstattet
complaint-files-open = können nicht angenommen werden: Die Anfragen Ihres Unternehmens dürfen zusammen höchstens { $most } MB an Dateien enthalten, solange sie offen sind und { $days } Tage länger. Bitten Sie um mehr Platz, oder senden Sie sie auf anderem Weg
complaint-notes = kann nicht hinzugefügt werden: Eine Anfrage hat höchstens { $most } Nachrichten
complaint-letters = darf höchstens { $most } Zeichen haben
complaint-reason = darf höchstens { $most } Zeichen haben, in einer Zeile
complaint-cart-lines = fasst höchstens { $most } Positionen
complaint-file-cut = ist nicht vollständig angekommen
complaint-file-form = muss mit dem Formular gesendet werden
complaint-version = muss eine der Versionen auf dieser Seite sein
complaint-medium = muss eine der Dateien auf dieser Seite sein
complaint-prices = wurden nicht importiert

# A new password that is not good enough.
password-short = Das Passwort hat { $length } Zeichen; es braucht mindestens { $least }.
password-long = Das Passwort ist länger als { $most } Zeichen; wählen Sie ein kürzeres.
password-repeats = Das Passwort wiederholt immer dieselben wenigen Zeichen; wählen Sie eines mit mehr verschiedenen.
password-name = Das Passwort enthält Ihren Anmeldenamen; wählen Sie eines, das ihn nicht enthält.
password-old = Das neue Passwort ist das alte; wählen Sie ein anderes.

# Somebody who comes back from a sign-in service and is not let in.
elsewhere-not-begun = Diese Anmeldung wurde nicht in diesem Browser begonnen oder hat zu lange gedauert. Beginnen Sie noch einmal.
elsewhere-unused = Dieser Anbieter wird hier nicht mehr benutzt. Melden Sie sich mit einem Passwort an.
elsewhere-denied = Der Anbieter hat Sie nicht eingelassen. Versuchen Sie es noch einmal oder fragen Sie Ihren Administrator.
elsewhere-not-trusted = Der Antwort des Anbieters war nicht zu trauen. Beginnen Sie noch einmal; bleibt es so, sagen Sie es Ihrem Administrator.
elsewhere-no-role = Keine Ihrer Gruppen hat hier eine Rolle. Bitten Sie Ihren Administrator um eine.
elsewhere-not-active = Sie dürfen sich hier nicht mehr anmelden. Fragen Sie Ihren Administrator.
elsewhere-no-name = Ihr Anbieter nennt für Sie weder einen Anmeldenamen noch eine E-Mail-Adresse.
elsewhere-name-unfit = Der Name, den Ihr Anbieter nennt, kann hier kein Anmeldename sein.
elsewhere-name-taken = Jemand hat hier schon Ihren Anmeldenamen, mit einem eigenen Konto. Bitten Sie Ihren Administrator, es zu entfernen oder umzubenennen.

# An application that asks in a way that cannot be answered.
authorize-twice = Die Anwendung hat { $name } zweimal gesendet; es darf nur einmal gesendet werden.
authorize-unknown = Die Anwendung ist hier nicht bekannt oder wurde widerrufen.
authorize-busy = Der Dienst ist ausgelastet. Versuchen Sie es gleich noch einmal.
authorize-address = Die Anwendung wollte die Antwort an eine Adresse, die für sie nicht registriert ist. Wer die Anwendung betreibt, muss die genaue Adresse registrieren.
authorize-mode = Die Anwendung wollte die Antwort auf eine unbekannte Weise.

# Addresses and keys of applications.
redirect-wrong = { $address } kann nicht angenommen werden: Eine Weiterleitungsadresse beginnt mit https:// oder mit http:// und einem Loopback-Host und hat weder Benutzer noch Passwort noch Fragment.
key-no-json = Der Schlüssel ist kein JSON: { $why }.
key-private = Das ist ein privater Schlüssel. Behalten Sie ihn, erzeugen Sie ein neues Paar und registrieren Sie nur die öffentliche Hälfte.
key-no-jwk = Der Schlüssel ist kein JSON Web Key (RFC 7517) der Art RSA, EC oder OKP.
key-kind = Der Schlüssel muss RSA, EC (P-256 oder P-384) oder Ed25519 sein.
key-short = Der RSA-Schlüssel muss mindestens 2048 Bit haben.
key-numbers = Die Zahlen des Schlüssels sind nicht lesbar.

# Why a passkey is not taken: the end of a sentence.
passkey-origin = Passkeys gehen unter dieser Adresse nicht: { $why }
passkey-no-name = wer keinen Namen hat, kann keinen Passkey registrieren
passkey-too-many = Sie haben schon so viele Passkeys, wie erlaubt sind
passkey-none = es gibt keinen Passkey
passkey-too-long = die Antwort ist zu lang
passkey-unreadable = { $what ->
    [answer] die Antwort des Browsers
    [state] der Stand des Vorgangs
    [passkey] der Passkey
   *[other] { $what }
} ist nicht lesbar
passkey-wrong-challenge = die Antwort gehört zu einem anderen Vorgang
passkey-wrong-origin = die Antwort wurde unter einer anderen Adresse gegeben
passkey-framed = die Antwort wurde in einer Seite einer anderen Adresse gegeben
passkey-not-verified = der Authenticator hat nicht geprüft, wer Sie sind
passkey-unknown = der Passkey ist keiner von Ihren
passkey-counter = der Zähler des Passkeys ist nicht gestiegen: Er kann kopiert worden sein
passkey-not-acceptable = der Passkey ist schon registriert oder von einer Art, nach der nicht gefragt wurde
passkey-refused = die Antwort wurde abgelehnt

# Files that are imported: where, and what is wrong. Names and words of columns stay as the files have them.
import-row-of = Zeile { $line }, { $column }: { $why }
column-header = Kopfzeile
column-row = ganze Zeile
import-unreadable = ist nicht lesbar ({ $why })
import-no-csv = ist nicht als CSV in UTF-8 lesbar
import-no-utf-8 = ist kein UTF-8
import-control = darf keine Steuerzeichen enthalten
import-column-missing = die Spalte fehlt in der Kopfzeile
import-row-short = die Zeile endet vor dieser Spalte
import-row-twice = hat denselben Artikel, Markt und Beginn, dieselbe Währung, Laufzeit, Abrechnung und Staffel wie Zeile { $first }
import-length = erwartet wird ein Text von 1 bis { $most } Bytes
import-wrong-product = { $text }: erwartet werden 12 Buchstaben und Ziffern
import-wrong-sku = { $text }: erwartet werden 1 bis 4 Buchstaben und Ziffern
import-wrong-segment = { $text }: erwartet wird Commercial, Education, Government oder Charity
import-wrong-term = { $text }: erwartet wird OneTime, P1M, P1Y, P3Y oder P5Y
import-wrong-plan = { $text }: erwartet wird OneTime, Monthly, Annual oder Triennial
import-wrong-market = { $text }: erwartet wird ein Ländercode aus zwei Buchstaben wie SE
import-wrong-currency = { $text }: erwartet wird ein Währungscode aus drei Buchstaben wie EUR
import-wrong-price = { $text }: erwartet wird ein Preis von 0 bis 1000000000 mit Dezimalpunkt und höchstens 8 Nachkommastellen wie 1499.95
import-wrong-count = { $text }: erwartet wird eine ganze Zahl über 0 oder nichts
import-wrong-instant = { $text }: erwartet wird ein Zeitpunkt wie 2020-01-01T00:00:00Z (UTC)
import-wrong-percent = { $text }: erwartet wird ein Prozentsatz von 0 bis 100 mit Dezimalpunkt, etwa 25.5
import-wrong-day = { $text }: erwartet wird ein Tag, etwa 2020-07-01
import-wrong-tags = { $text }: erwartet wird Software;Perpetual, Software;Subscription, Software;Linux oder Azure;Reservation
import-date-out-of-range = das Datum liegt nach dem Jahr 9999
import-date-order = darf nicht vor EffectiveStartDate liegen
import-tier-order = darf nicht kleiner als PricingTierRangeMin sein
import-term-of-family = unbefristete Software hat OneTime (oder nichts); alles andere hat eine Laufzeit wie P1Y
import-no-availability = hat keine Verfügbarkeit
import-sku-family = in einer früheren Zeile ist dieselbe SKU { $family ->
    [subscription] { family-one-subscription }
    [perpetual] { family-one-perpetual }
    [reservation] { family-one-reservation }
    [linux_plan] { family-one-linux-plan }
   *[other] { $family }
}
import-sku-clash = die SKU { $sku } ist im Katalog { $old ->
    [subscription] { family-one-subscription }
    [perpetual] { family-one-perpetual }
    [reservation] { family-one-reservation }
    [linux_plan] { family-one-linux-plan }
   *[other] { $old }
} und kann nicht { $new ->
    [subscription] { family-one-subscription }
    [perpetual] { family-one-perpetual }
    [reservation] { family-one-reservation }
    [linux_plan] { family-one-linux-plan }
   *[other] { $new }
} werden
import-overlap = { $item } in { $row }: { $start } bis { $end } und { $later } bis { $last }
import-wrong-version = erwartet wird eine Version von höchstens 50 Buchstaben, Ziffern, Leerzeichen und . - _ + ( )
import-keys-columns = die Spalten ProductId und Key sind nötig; Version und Activations dürfen fehlen
import-keys-activations = muss eine ganze Zahl über 0 sein oder leer
import-keys-product = erwartet werden 12 Buchstaben und Ziffern
import-keys-format = erwartet wird ein Schlüssel wie { $example }
import-keys-free = erwartet wird ein Schlüssel aus höchstens 128 druckbaren Zeichen
import-keys-twice = ist derselbe wie in Zeile { $first }
import-keys-unknown = { $product } steht nicht im Katalog; importieren Sie zuerst die Preise
import-keys-handed = wurde schon einem Kunden gegeben und kann nicht noch einmal verkauft werden
import-keys-elsewhere = liegt für ein anderes Produkt auf Lager: { $product }
complaint-not-electronic = ist für dieses Dokument nicht möglich: { $why }
complaint-needed = muss angegeben werden
complaint-lines = darf höchstens { $most } Zeilen haben
complaint-country-code = muss ein Land mit zwei Buchstaben sein, zum Beispiel SE
complaint-region = muss ein Teil des Landes nach ISO 3166-2 sein, zum Beispiel CA-QC
complaint-mail = muss eine E-Mail-Adresse sein
complaint-tax-id = muss eine USt-IdNr. des Landes sein, zum Beispiel { $example }
complaint-tax-id-country = { $id } ist eine Nummer aus { $country } und nicht aus dem Land der Anschrift
complaint-electronic-address = muss aus Schema, Doppelpunkt und Kennung bestehen, zum Beispiel 0088:4012345000009 oder EM:rechnung@example.com
complaint-iban = muss eine IBAN mit richtigen Prüfziffern sein, zum Beispiel DE89 3704 0044 0532 0130 00
complaint-bic = muss aus 8 oder 11 Buchstaben und Ziffern bestehen, zum Beispiel COBADEFF
import-rate-twice = ist dieselbe Steuer wie in Zeile { $line }, zur selben Zeit in Kraft
import-rate-ends = darf nicht vor effective_from liegen
import-plan-of-family = nur Abonnements werden in mehreren Raten bezahlt; leer lassen oder einen Zahlungsplan wählen, der so lang ist wie die Laufzeit
complaint-amount = muss über null liegen
complaint-day-ahead = darf nicht in der Zukunft liegen
complaint-entered-before = wurde schon erfasst
complaint-document-unknown = { $number } in { $currency } gibt es für diesen Partner nicht

# A list of machines, and licences in use.
list-number = { $text }: erwartet wird eine ganze Zahl von { $least } bis { $most }
list-rate = { $text }: erwartet wird ein Stundensatz von 0 bis 1000000 mit höchstens 8 Nachkommastellen, etwa 0.376
list-name = ein Name fehlt
list-name-twice = { $text } steht schon in der Liste; geben Sie jeder Zeile einen eigenen Namen und sagen Sie mit Count, wie viele es sind
list-size-or-cores = nennen Sie die Größe, etwa Standard_D4s_v3, oder die Zahl der Kerne
list-size-unknown = „{ $size }“ ist nicht bekannt. Meinten Sie { $near }? Nennen Sie sonst die Zahl der Kerne in einer Spalte Cores
list-size-strange = „{ $size }“ ist keine bekannte Größe wie etwa Standard_D4s_v3. Nennen Sie sonst die Zahl der Kerne in einer Spalte Cores
list-region-unknown = für „{ $region }“ gibt es keine Sätze: erwartet wird eine von { $known }, oder eigene Sätze in LicensedRate und BaseRate
list-cores-differ = { $size } hat { $cores } Kerne; lassen Sie eine der beiden Angaben weg
list-workload = { $text }: erwartet wird windows, sql_vm_standard, sql_vm_enterprise, sql_general_purpose oder sql_business_critical
list-base-above = der Satz ohne Lizenz darf nicht höher sein als der mit Lizenz
list-both-rates = nennen Sie LicensedRate und BaseRate, oder keines von beiden
list-host-windows = nur Maschinen mit Windows werden durch ihren Host abgedeckt
list-host-cores = nennen Sie in HostCores, wie viele physische Kerne der Host hat
list-host-differs = für den Host wurden vorher { $cores } Kerne genannt
list-cells = hat { $found } Zellen, die Kopfzeile { $wanted }; trennen Sie die Zellen in jeder Zeile durch { $separator }
list-rows = eine Liste hat höchstens { $most } Zeilen
list-machines = eine Liste hat höchstens { $most } Maschinen
list-too-large = eine Liste hat höchstens { $most } MB
list-too-dear = die Beträge sind zu groß, um sie zusammenzuzählen
list-empty = die Liste enthält keine Maschine
list-column-twice = die Spalte steht zweimal da
import-wrong-edition = { $text }: erwartet wird windows_standard, windows_datacenter, sql_standard oder sql_enterprise
import-wrong-reservation-type = { $text }: erwartet wird eine Art von Reservierung wie VirtualMachines, SqlDatabases oder CosmosDb
complaint-cores = müssen eine ganze Zahl von 1 bis { $most } sein
complaint-ends-before = darf nicht vor dem ersten Tag liegen
complaint-assurance-over = liegt in der Vergangenheit: Lizenzen, deren Software Assurance abgelaufen ist, tragen keinen Vorteil
complaint-licences-in-use = sind in Gebrauch: Ohne sie würden { $cores } Kernlizenzen { $edition } fehlen. Beenden Sie zuerst Nutzungen
complaint-uses-many = eines Kunden können gleichzeitig { $most } sein
complaint-day-around = muss höchstens { $most } Tage von heute entfernt sein
complaint-cores-lack = reichen nicht: Am { $day } würden { $cores } { $edition } fehlen. Sie dürfen nicht gleichzeitig zweimal genutzt werden; kaufen Sie mehr, oder tragen Sie weniger ein
complaint-ended-already = wurde schon genannt: Die Nutzung ist beendet
input-cores = Die Kernlizenzen
input-through = Der letzte Tag
input-started = Der erste Tag
input-ended = Der letzte Tag
input-note = Die Notiz
input-uses = Die Nutzungen
input-licences = Die Lizenzen
input-currency = Die Währung
complaint-currency-unused = wird in keinem Markt verwendet
complaint-declared-already = sind schon angegeben
complaint-migrated-before = { $name } hatte seine 180 Tage schon: Was einmal umgezogen ist, zieht nicht noch einmal um
list-system = läuft mit { $text }: Der Vorteil gilt für Windows und SQL Server; lassen Sie die Zeile weg
complaint-webhook-address = muss eine Adresse im Internet sein, die mit https:// beginnt, ohne Benutzernamen und Kennwort
complaint-webhook-events = muss mindestens ein Ereignis enthalten
complaint-webhook-event = muss eine Liste aus diesen Ereignissen sein: { $events }
complaint-reservation-name = muss 1 bis { $most } Zeichen haben
complaint-azure-many = dürfen je Kunde höchstens { $most } sein
complaint-azure-known = hat der Kunde schon
complaint-azure-unknown = muss ein Azure-Abonnement dieses Kunden sein, das in Gebrauch ist
complaint-reservation-creating = wird noch bereitgestellt
complaint-reservation-expired = ist abgelaufen
complaint-reservation-replaced = wurde geteilt oder zusammengeführt und ist ersetzt
complaint-reservation-returned = wurde zurückgegeben
complaint-cap-amount = muss ein Betrag in { $currency } sein, null oder mehr
complaint-cap-day = darf nicht in der Vergangenheit liegen: Was zurückgegeben wurde, bleibt, wie es war
complaint-cap-months = muss eine ganze Zahl von 1 bis { $most } sein
complaint-give-back-quantity = muss eine ganze Zahl von 1 bis { $most } sein
complaint-give-back-credit = muss die angezeigte Gutschrift sein, etwa 2596.70
complaint-reservation-parts = müssen zwei ganze Zahlen sein, die zusammen { $quantity } ergeben
complaint-reservation-one = müssen zwei oder mehr sein
complaint-reservation-apart = müssen aus einer Zeile einer Bestellung stammen und denselben Bereich haben
complaint-reservation-many = dürfen höchstens { $most } sein
input-statement = Der Kontoauszug
input-paid-by = Der Zahler
complaint-statement = ist kein lesbarer Kontoauszug in camt.053 (Version 02, 06 oder 08): { $why }
complaint-statement-letters = muss in UTF-8 geschrieben sein
complaint-statement-entry = hat eine Buchung, deren Betrag oder Tag nicht klar ist: { $entry }. Nichts davon wurde übernommen
complaint-row-decided = wurde inzwischen zugeordnet
complaint-row-unrecognised = nennt kein Dokument eines Partners
complaint-row-alike = wurde vielleicht schon erfasst, als { $before }
complaint-document-nowhere = nennt { $number }, das es nicht gibt
complaint-documents-several = nennt Dokumente mehrerer Partner: jeden Teil von Hand erfassen
complaint-payer-missing = fehlt: die Nummer eines Dokuments oder den Namen eines Partners eingeben
complaint-payer-unknown = passt auf keinen Partner: { $text }
complaint-payer-several = ist der Name mehrerer Partner; geben Sie die ID ein: { $ids }
complaint-days-many = dürfen höchstens { $most } sein
input-days = Die Tage
complaint-payer-begun = ist nur der Anfang eines Namens; geben Sie ihn ganz ein: { $names }
complaint-quote-foreign = stammt nicht von hier oder wurde seitdem verändert
complaint-quote-other = betrifft eine andere Bestellung
input-signedquote = Die signierte Zusage
complaint-quote-lines = betrifft die Positionen { $promised } der Bestellung, storniert würden aber { $lines }
complaint-mail-of-operator = muss eine Adresse des Kunden sein, nicht aus der Maildomäne des Betreibers
complaint-policy-day = muss ein Tag nach heute sein
complaint-policy-family = muss etwas sein, das storniert werden kann: Abonnements oder unbefristete Software
complaint-policy-there = hat bereits eine eigene Regel; nehmen Sie zuerst diese zurück
complaint-policy-counts = hat begonnen, und was seither gekauft wurde, richtet sich nach dieser Regel
complaint-policy-none = hat keine Regel, die zurückgenommen werden könnte
input-email = Die E-Mail-Adresse
input-family = Die Art des Produkts
complaint-policy-credit = muss für unbefristete Software vollständig sein, denn sie hat keine ungenutzten Tage
complaint-margin-past = muss { $day } oder später sein: Gebuchtes bleibt, wie es ist
complaint-margin-product = steht nicht im Katalog
complaint-margin-many = ist eine zu viel: es gibt { $most } Regeln; beenden Sie erst welche
complaint-margin-same = ist der einer Regel, die schon gilt
complaint-margin-price-of = muss ein Produkt oder eine SKU nennen, wo es ein eigener Preis ist
complaint-margin-currency = ist keine, in der verkauft wird
