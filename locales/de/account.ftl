# What several pages of this part say.
account-problem = Problem:

# Signing in.
sign-in-title = Anmelden
sign-in-name = Anmeldename
sign-in-name-hint = Er sieht aus wie eine E-Mail-Adresse: name@example.com
sign-in-password = Passwort
sign-in-forgotten = Passwort vergessen?
sign-in-or = oder
sign-in-with = Mit { $name } anmelden
sign-in-provider-unreachable = Dieser Anbieter ist im Moment nicht erreichbar. Versuchen Sie es noch einmal, oder melden Sie sich mit einem Passwort an.

# The second step of signing in, and confirming it before something that matters.
second-factor-title = Zweiter Schritt
second-factor-title-again = Bestätigen Sie, dass Sie es sind
second-factor-lead = Zeigen Sie Ihren zweiten Faktor, um die Anmeldung abzuschließen.
second-factor-lead-again = Zeigen Sie vorher noch einmal Ihren zweiten Faktor. Er gilt { $minutes ->
    [one] { $minutes } Minute
   *[other] { $minutes } Minuten
    }.
second-factor-code = Code aus Ihrer Authenticator-App
second-factor-code-hint = Sechs Ziffern. Die App zeigt alle 30 Sekunden einen neuen Code.
second-factor-go-on = Weiter
second-factor-use-passkey = Passkey verwenden
second-factor-use-recovery = Wiederherstellungscode verwenden
second-factor-recovery = Wiederherstellungscode
second-factor-recovery-hint = Einer der Codes, die Sie beim Einrichten des zweiten Faktors aufbewahrt haben. Jeder gilt einmal.
second-factor-recovery-use = Diesen Code verwenden
second-factor-stuck = Nichts davon geht? Bitten Sie einen Administrator, Ihren zweiten Faktor zurückzusetzen.
second-factor-other-name = Mit einem anderen Namen neu beginnen

# Passkeys, at signing in and on the security page.
passkey-noscript = Ein Passkey braucht JavaScript. Erlauben Sie es für diese Website, und laden Sie die Seite neu.
passkey-noscript-or-code = Ein Passkey braucht JavaScript. Erlauben Sie es für diese Website, und laden Sie die Seite neu, oder verwenden Sie einen Code.
passkey-text-cancelled = Auf Ihrem Gerät wurde nichts bestätigt. Versuchen Sie es noch einmal.
passkey-text-duplicate = Dieses Gerät hat hier schon einen Passkey.
passkey-text-network = Der Server hat nicht geantwortet, oder Passkeys sind hier abgeschaltet. Wenn Ihr zweiter Faktor länger als 15 Minuten her ist, zeigen Sie ihn unter /second-factor noch einmal, und versuchen Sie es dann erneut.
passkey-text-failed = Der Passkey konnte nicht verwendet werden. Versuchen Sie es noch einmal, oder nehmen Sie einen anderen zweiten Faktor.

# Setting up an authenticator app.
totp-title = Authenticator-App einrichten
totp-lead = Eine Authenticator-App zeigt alle 30 Sekunden einen neuen sechsstelligen Code. Mit ihr öffnet ein gestohlenes Passwort allein nichts.
totp-get = App besorgen
totp-get-text = Jede App für Einmalcodes (TOTP) ist recht, etwa Microsoft Authenticator, Google Authenticator, Aegis oder ein Passwortmanager.
totp-add = Dieses Konto hinzufügen
totp-add-text = Wählen Sie in der App, dass Sie ein Konto hinzufügen möchten, und richten Sie die Kamera auf dieses Bild.
totp-picture = QR-Bild, das { $account } zu einer Authenticator-App hinzufügt. Dasselbe Geheimnis steht darunter als Text.
totp-no-camera = Keine Kamera? Tippen Sie das Geheimnis ein
totp-account = Konto
totp-secret = Geheimnis
totp-kind = Art
totp-kind-text = Zeitbasiert, sechs Ziffern, 30 Sekunden
totp-type = Den angezeigten Code eintippen
totp-code = Sechsstelliger Code
totp-do = Einrichten

# Fresh recovery codes.
recovery-title = Ihre Wiederherstellungscodes
recovery-lead = Wenn Sie Ihr Telefon oder Ihren Passkey verlieren, können Sie sich stattdessen mit jedem dieser Codes einmal anmelden.
recovery-careful = <strong>Sie werden nur jetzt angezeigt.</strong> Drucken Sie diese Seite, oder speichern Sie die Codes in einem Passwortmanager, bevor Sie weitergehen. Frühere Codes gelten nicht mehr.
recovery-list = Wiederherstellungscodes
recovery-print = Zum Drucken nehmen Sie das Menü Ihres Browsers. Bewahren Sie das Blatt dort auf, wo nur Sie es erreichen, und nicht bei Ihrem Passwort.
recovery-go-on = Ich habe sie aufbewahrt, weiter

# Passwords: changing one's own, and what a new one must be.
password-title = Passwort ändern
password-title-first = Eigenes Passwort wählen
password-lead-first = Sie haben sich mit einem vorläufigen Passwort angemeldet, das jemand anderes gesehen hat. Ersetzen Sie es jetzt durch eines, das nur Sie kennen; dann geht es weiter.
password-temporary = Vorläufiges Passwort
password-current = Jetziges Passwort
password-new = Neues Passwort
password-again = Neues Passwort noch einmal
password-rules = Mindestens 12 Zeichen, höchstens 256; nicht Ihr Name, nicht Ihr altes Passwort und nicht immer dasselbe Zeichen. Lang ist besser als kompliziert.
password-save-first = Speichern und weiter
password-save = Passwort ändern
password-back = Zurück, ohne es zu ändern
password-new-differ = Die beiden neuen Passwörter sind verschieden. Geben Sie zweimal dasselbe ein.
password-differ = Die beiden Passwörter sind verschieden. Geben Sie zweimal dasselbe ein.

# A forgotten password.
forgot-title = Passwort vergessen
forgot-lead = Geben Sie Ihren Anmeldenamen ein. Wir senden einen Link für ein neues Passwort an die dazu hinterlegte E-Mail-Adresse.
forgot-send = Link senden
forgot-back = Zurück zur Anmeldung
forgot-sent-title = Sehen Sie in Ihre E-Mails
forgot-sent-lead = Wenn dieser Anmeldename hier bekannt ist, ist eine E-Mail mit einem Link für ein neues Passwort unterwegs.
forgot-sent-wait = Der Link gilt einmal und nur kurze Zeit. Wenn in ein paar Minuten nichts kommt:
forgot-sent-junk = sehen Sie in den Ordner für unerwünschte E-Mails,
forgot-sent-again = <a href="/forgot">fordern Sie ihn noch einmal an</a>, und prüfen Sie die Schreibweise des Namens,
forgot-sent-ask = oder bitten Sie einen Administrator um ein vorläufiges Passwort.
forgot-no-mail = Diese Installation versendet keine E-Mails. Bitten Sie Ihren Administrator um ein neues vorläufiges Passwort.

# The page a mailed link leads to.
reset-title = Neues Passwort wählen
reset-lead = Es ersetzt das alte sofort.
reset-save = Passwort speichern
reset-another = Link zu alt? Fordern Sie einen neuen an
reset-done-title = Ihr Passwort ist geändert
reset-done-lead = Sie sind überall abgemeldet. Melden Sie sich mit dem neuen Passwort an; Ihr zweiter Faktor ist derselbe.
reset-over = Dieser Link wurde schon benutzt oder ist zu alt. Fordern Sie einen neuen an.

# The first administrator of a fresh installation.
set-up-title = Chandlery einrichten
set-up-lead = Sie legen den ersten Administrator an. Dieses Konto kann alle anderen Benutzer und Anwendungen hinzufügen; geben Sie es deshalb einer Person, nicht einem Team.
set-up-name = Ihr Name
set-up-do = Administrator anlegen
set-up-over = Dieser Link wurde schon benutzt oder ist zu alt. Starten Sie den Server neu, um einen neuen zu erhalten.

# Where a reseller's invitation leads.
invitation-title = { $partner } möchte Ihr Unternehmen betreuen
invitation-lead = { $partner } ({ $country }) möchte der Händler Ihres Unternehmens werden. Wenn Sie einverstanden sind, nennen Sie ihm den rechtlichen Namen, die Anschrift und die Domain Ihres Unternehmens; er fügt dann Ihr Unternehmen hinzu, und Ihr Administrator bekommt hier einen Zugang. Wenn Sie das nicht erwartet haben, tun Sie nichts.
invitation-unknown-title = Diese Einladung ist nicht bekannt
invitation-unknown-lead = Der Link ist unvollständig, oder der Händler ist nicht mehr tätig. Bitten Sie ihn um einen neuen Link.

# One's own ways to sign in, sessions and applications allowed.
security-title = Sicherheit
security-password = Passwort
security-password-hint = Ändern Sie es, wenn jemand anderes es kennen könnte.
security-password-change = Passwort ändern
security-app = Authenticator-App
security-app-there = Eingerichtet
security-app-since = seit
security-app-missing = Nicht eingerichtet
security-app-hint = Sie liefert einen Code für den zweiten Schritt der Anmeldung.
security-app-another = Stattdessen andere App einrichten
security-app-add = App einrichten
security-passkeys = Passkeys
security-passkeys-hint = Ein Passkey liegt auf Ihrem Telefon, Computer oder Sicherheitsschlüssel und lässt sich nicht aus Versehen weitergeben.
security-passkey-added-at = Hinzugefügt am
security-last-used = Zuletzt benutzt am
security-not-used = Noch nicht benutzt
security-passkey-remove = Entfernen<span class="unseen">: Passkey { $name }</span>
security-passkey-name = Name eines neuen Passkeys
security-passkey-name-hint = Damit Sie ihn wiedererkennen, etwa „Laptop im Büro“.
security-passkey-add = Passkey hinzufügen
security-passkey-noscript = Einen Passkey hinzuzufügen braucht JavaScript. Erlauben Sie es für diese Website, und laden Sie die Seite neu.
security-passkey-not-asked = Beginnen Sie noch einmal: Es wurde kein Passkey angefordert.
security-passkey-refused = Der Passkey wurde nicht angenommen: { $why }.
security-passkey-added = Der Passkey wurde hinzugefügt.
security-passkey-gone = Diesen Passkey gibt es nicht mehr.
security-passkey-only = Das ist Ihr einziger zweiter Faktor. Fügen Sie erst einen anderen hinzu, und entfernen Sie ihn dann.
security-passkey-removed = Der Passkey wurde entfernt.
security-recovery = Wiederherstellungscodes
security-recovery-none = Keine übrig
security-recovery-none-hint = Erzeugen Sie neue, damit ein verlorenes Telefon Sie nicht aussperrt.
security-recovery-left = { $count ->
    [one] Noch { $count } übrig
   *[other] Noch { $count } übrig
}
security-recovery-hint = { $count ->
    [one] Erzeugen Sie bald neue. Neue Codes setzen den alten außer Kraft.
   *[other] Neue Codes setzen die alten außer Kraft.
}
security-recovery-make = Neue Codes erzeugen
security-sessions = Wo Sie angemeldet sind
security-session-this = Diese hier
security-session-from = Von <span class="address">{ $address }</span>
security-session-began = Angemeldet am
security-session-seen = Zuletzt aktiv am
security-session-end = Beenden
security-session-end-which = Sitzung in { $what }, zuletzt aktiv am
security-session-over = Diese Sitzung ist schon zu Ende.
security-session-ended = Die Sitzung wurde beendet.
security-end-all-hint = Etwas dabei, das Sie nicht kennen? Melden Sie sich überall ab, auch in diesem Browser, und ändern Sie dann Ihr Passwort.
security-end-all = Überall abmelden
security-browser-on = { $browser } auf { $system }
security-browser-unknown = Ein unbekannter Browser
security-grants = Anwendungen, die für Sie handeln
security-grants-none = Keine. Wenn Sie einer Anwendung etwas erlauben, steht sie hier.
security-grant-began = Erlaubt am
security-grant-revoke = Widerrufen<span class="unseen">, was { $name } darf</span>
security-grant-unnamed = Eine Anwendung, die widerrufen wurde
security-grant-revoked = Die Anwendung darf ab jetzt nicht mehr für Sie handeln.
security-grant-gone = Diese Anwendung hat keine Erlaubnis mehr.

# The people of one's own company.
users-title = Benutzer
users-add = Benutzer hinzufügen
users-none = Auf dieser Liste steht noch niemand. Fügen Sie den ersten Benutzer mit der Schaltfläche oben hinzu.
users-name = Name
users-roles = Rollen
users-state = Status
users-factor = Zweiter Faktor
users-roles-none = Keine
users-active = Aktiv
users-inactive = Darf sich nicht anmelden
users-factor-there = Eingerichtet
users-factor-missing = Nicht eingerichtet
users-more = Weitere Benutzer
users-all = Alle Benutzer
users-disabled = Dieser Benutzer ist gesperrt und kann sich nicht anmelden.
users-self = Das ist Ihr eigenes Konto. Passwort und zweiter Faktor sind auf der Seite <a href="/account">Sicherheit</a>.
users-form = Name und Rollen
users-next-password = Als Nächstes sehen Sie ein vorläufiges Passwort zum Weitergeben. Der Benutzer ersetzt es bei der ersten Anmeldung.
users-save = Speichern
users-add-do = Benutzer hinzufügen
users-saved = Gespeichert. Es gilt ab sofort.
users-help = Wenn sich dieser Benutzer nicht anmelden kann
users-reset-password = Passwort zurücksetzen
users-reset-password-text = Das jetzige Passwort gilt dann nicht mehr, und Sie sehen ein vorläufiges zum Weitergeben.
users-reset-password-do = Passwort jetzt zurücksetzen
users-reset-factor = Zweiten Faktor zurücksetzen
users-reset-factor-text = Authenticator-App, Passkeys und Wiederherstellungscodes werden entfernt, und der Benutzer richtet neue ein. Vergewissern Sie sich vorher am Telefon oder persönlich, dass wirklich dieser Benutzer darum bittet.
users-reset-factor-do = Zweiten Faktor jetzt zurücksetzen
users-reset-factor-done = Die zweiten Faktoren sind entfernt; bei der nächsten Anmeldung wird ein neuer verlangt.
users-disable = Diesen Benutzer sperren
users-disable-text = Der Benutzer wird überall abgemeldet und kann sich erst wieder anmelden, wenn er entsperrt ist. Es wird nichts gelöscht.
users-disable-do = Jetzt sperren
users-enable = Diesen Benutzer entsperren
users-enable-text = Der Benutzer kann sich mit demselben Passwort und denselben Rollen wieder anmelden.
users-enable-do = Jetzt entsperren
users-role-locked = Diese Rolle können Sie nicht ändern.
users-roles-nothing = Es gibt keine Rolle zu vergeben.
users-role-refused = Sie dürfen die Rolle { $role } weder geben noch nehmen.
users-password-careful = <strong>Es wird nur jetzt angezeigt.</strong> Geben Sie es am Telefon oder persönlich weiter, nicht in derselben E-Mail wie den Anmeldenamen. Es muss bei der ersten Anmeldung ersetzt werden.
users-password-back = Ich habe es notiert, zurück

# The roles, and what one is told of each.
role-operator-admin = Betreiber-Administrator
role-operator-admin-about = Betreibt diese Installation.
role-operator-support = Betreiber-Support
role-operator-support-about = Beantwortet Anfragen; ändert nichts.
role-global-admin = Globaler Administrator
role-global-admin-about = Alles rund um das Unternehmen; öffnet keine Schlüssel und storniert nichts.
role-admin-agent = Administrator-Agent
role-admin-agent-about = Arbeitet für Kunden; die einzige Rolle, die Schlüssel öffnet und storniert.
role-sales-agent = Vertriebs-Agent
role-sales-agent-about = Kunden, Bestellungen und Vereinbarungen.
role-helpdesk-agent = Helpdesk-Agent
role-helpdesk-agent-about = Schlägt Kunden nach und hilft ihnen.
role-billing-admin = Abrechnungsadministrator
role-billing-admin-about = Rechnungen und Preise.
role-user-management-admin = Benutzerverwaltungsadministrator
role-user-management-admin-about = Personen und ihre Rollen.
role-account-admin = Kontoadministrator
role-account-admin-about = Das Profil des Unternehmens und die Unternehmensrollen.
role-referrals-admin = Empfehlungsadministrator
role-referrals-admin-about = Liest das Aktivitätsprotokoll.
role-marketing-content-admin = Marketinginhaltsadministrator
role-marketing-content-admin-about = Liest das Aktivitätsprotokoll.
role-mpn-partner-admin = Partnerprogrammadministrator
role-mpn-partner-admin-about = Das Profil und die Preise des Programms.
role-customer-global-admin = Globaler Administrator des Kunden
role-customer-global-admin-about = Der eigene Administrator des Kunden.
role-customer-billing-admin = Abrechnungsadministrator des Kunden
role-customer-billing-admin-about = Die eigene Abrechnung des Kunden.
role-customer-user = Benutzer des Kunden
role-customer-user-about = Alle anderen beim Kunden.

# Applications and their credentials.
apps-title = Anwendungen
apps-add = Anwendung hinzufügen
apps-badge-public = Öffentlich
apps-badge-revoked = Widerrufen
apps-client-id = Client-ID
apps-roles = Rollen
apps-roles-none = Keine
apps-redirects = Weiterleitungsadressen
apps-redirects-none = Keine: Sie meldet niemanden an
apps-credentials = Geheimnisse und Schlüssel
apps-credential-secret = Geheimnis
apps-credential-key = Öffentlicher Schlüssel
apps-credential-added = Hinzugefügt am
apps-credential-expires = Läuft ab:
apps-credential-never = nie
apps-credential-remove = Entfernen
apps-credential-remove-which = { $credential } von { $name }
apps-credential-removed = Das Geheimnis oder der Schlüssel wurde entfernt und bekommt keine Token mehr. Schon ausgestellte Token gelten noch höchstens eine Stunde; widerrufen Sie die Anwendung, um sie jetzt zu beenden.
apps-secret-add = Geheimnis hinzufügen<span class="unseen">: { $name }</span>
apps-secret-text = Der Server erzeugt es und zeigt es einmal. Die Geheimnisse oben gelten weiter, sodass Sie ohne Unterbrechung wechseln können.
apps-secret-make = Geheimnis erzeugen
apps-key-add = Öffentlichen Schlüssel hinzufügen<span class="unseen">: { $name }</span>
apps-key-jwk = Öffentlicher Schlüssel als JWK
apps-key-hint = Ein JSON-Objekt, das mit {"{"}"kty": … beginnt. Fügen Sie nie einen privaten Schlüssel ein (einen mit dem Feld "d").
apps-key-do = Schlüssel hinzufügen
apps-key-added = Der öffentliche Schlüssel von { $name } wurde hinzugefügt.
apps-revoke = Widerrufen<span class="unseen">: { $name }</span>
apps-revoke-text = { $name } funktioniert ab sofort und für immer nicht mehr. Die Anwendung bleibt auf dieser Liste, damit frühere Einträge ihren Namen behalten.
apps-revoke-do = Jetzt widerrufen
apps-none = Es gibt noch keine Anwendung.
apps-name = Name
apps-name-hint = Man sieht ihn, wenn man der Anwendung etwas erlaubt.
apps-redirects-hint = Wohin man nach der Anmeldung zurückkommt: eine vollständige Adresse je Zeile, genau so, wie die Anwendung sie sendet. Lassen Sie das Feld leer, wenn die Anwendung niemanden anmeldet.
apps-public = Öffentliche Anwendung
apps-public-hint = Sie läuft auf den Geräten oder in den Browsern der Menschen, kann deshalb kein Geheimnis bewahren und bekommt keins.
apps-add-do = Anwendung hinzufügen
apps-added = { $name } wurde registriert. Die Client-ID ist { $id }.
apps-problem = { $field }: { $why }.
apps-role-refused = Sie dürfen die Rolle { $role } nicht vergeben.
apps-secret-title = Geheimnis von { $name }
apps-secret-careful = <strong>Es wird nur jetzt angezeigt.</strong> Legen Sie es direkt im Geheimnisspeicher der Anwendung ab, nie in ihrem Code oder in einer E-Mail. Wenn es verloren geht, fügen Sie ein neues hinzu und entfernen dieses.
apps-secret-secret = Geheimnis
apps-secret-back = Ich habe es aufbewahrt, zurück
apps-unfit = Diese Anwendung kann nicht verwendet werden

# The page that posts an answer back to an application.
post-back-title = Zurück zur Anwendung
post-back-lead = Sie werden zurückgeleitet. Wenn nichts geschieht, wählen Sie „Weiter“.
post-back-continue = Weiter

# Connecting a device.
device-title = Gerät verbinden
device-title-allow = Dieses Gerät zulassen?
device-wants = <strong>{ $application }</strong> möchte auf einem anderen Gerät für Sie handeln.
device-code-there = Code auf dem Gerät
device-careful = Gehen Sie nur weiter, wenn Sie das selbst auf Ihrem eigenen Gerät begonnen haben und es denselben Code zeigt. Wenn Ihnen jemand den Code geschickt hat, wählen Sie „Ablehnen“.
device-allow = Zulassen
device-deny = Ablehnen
device-lead = Geben Sie den Code ein, den das Gerät oder die Anwendung zeigt.
device-code = Code
device-code-hint = Buchstaben und Ziffern; Großschreibung und Striche sind egal.
device-go-on = Weiter
device-unknown = Kein Gerät Ihres Unternehmens wartet mit diesem Code. Sehen Sie noch einmal auf das Gerät; Codes gelten 15 Minuten.
device-allowed-title = Das Gerät darf für Sie handeln
device-allowed-lead = { $application } macht jetzt von selbst weiter. Sie können diese Seite schließen.
device-denied-title = Das Gerät wurde abgelehnt
device-denied-lead = Es darf nicht für Sie handeln. Sie können diese Seite schließen.
device-account = Ihr Konto

# Keys that wait for a second person.
approvals-title = Freigaben
approvals-none = Kein Schlüssel wartet auf eine zweite Person. Wenn jemand aus Ihrem Unternehmen einen Product Key öffnen möchte, stimmt hier ein anderer Administrator-Agent zu.
approvals-what = { $title }, Schlüssel der Version { $version }, Bestellung { $order }, für { $customer }
approvals-some-purchase = Ein Kauf
approvals-some-customer = einen Kunden
approvals-some-program = einem Programm
approvals-purchase = Der Kauf
approvals-asked = Gefragt am { $asked } von { $name }
approvals-until = Offen bis { $ends }
approvals-reason = Grund: { $reason }
approvals-mine = Jemand anderes muss zustimmen.
approvals-agree = Zustimmen<span class="unseen">: { $what }</span>
approvals-agreed = Sie haben zugestimmt. Wer gefragt hat, kann den Schlüssel bis { $ends } öffnen.

# Downloads by link.
download-unknown-title = Diesen Downloadlink gibt es nicht
download-unknown-lead = Prüfen Sie, ob der ganze Link kopiert wurde: Er ist lang, und E-Mail-Programme brechen ihn um. Bitten Sie sonst den Absender um einen neuen.
download-expired-title = Dieser Downloadlink ist abgelaufen
download-expired-lead = Er galt bis { $at }.
download-used-title = Dieser Downloadlink ist aufgebraucht
download-used-lead = Alle erlaubten Downloads sind gemacht.
download-revoked-title = Dieser Downloadlink wurde widerrufen
download-revoked-lead = Wozu er gehörte, wurde am { $at } storniert oder zurückgezogen. Fragen Sie Ihren Softwarepartner, wenn Sie es noch brauchen.
download-closed-title = Dieser Downloadlink kann jetzt nicht verwendet werden
download-next = Ihr Softwarepartner, oder der Administrator Ihres Unternehmens in seinem Portal unter „Software“, holt mit „Schlüssel und Downloads abrufen“ einen neuen Link, so oft es nötig ist.
download-later-title = Jetzt nicht
download-later-full = Im Moment wird zu viel heruntergeladen; versuchen Sie es in ein paar Sekunden noch einmal.
download-later-unreadable = Die Datei kann im Moment nicht gelesen werden. Der Betreiber weiß Bescheid; versuchen Sie es später noch einmal.
download-later-busy = Der Dienst ist ausgelastet; versuchen Sie es in ein paar Sekunden noch einmal.
download-medium-unknown-title = Dieses Medium gibt es nicht
download-medium-unknown-lead = Nehmen Sie die Adresse des Manifests von der Seite oder aus der Antwort, mit der der Download kam.

# When something went wrong.
trouble-not-found-title = Nicht gefunden
trouble-not-found-lead = Das gibt es hier nicht, oder es ist nicht für Sie bestimmt.
trouble-not-allowed-title = Nicht erlaubt
trouble-not-allowed-lead = Ihre Rollen erlauben das nicht. Ein Globaler Administrator Ihres Unternehmens kann Ihnen die Rolle geben.
trouble-invalid-title = Das kann nicht angenommen werden
trouble-refused-title = Das geht nicht
trouble-signed-out-title = Abgemeldet
trouble-signed-out-lead = Melden Sie sich wieder an, um fortzufahren.
trouble-changed-title = Inzwischen geändert
trouble-changed-lead = Jemand hat im selben Moment dasselbe geändert. Gehen Sie zurück, und versuchen Sie es noch einmal.
trouble-busy-title = Ausgelastet
trouble-busy-lead = Der Dienst ist ausgelastet. Es wurde nichts geändert; versuchen Sie es gleich noch einmal.
trouble-broken-title = Etwas ist kaputtgegangen
trouble-broken-lead = Es wurde nichts geändert. Der Betreiber findet die Ursache in seinem Protokoll unter { $id }.
trouble-back = Zurück zur Startseite
trouble-sign-in = Anmelden
trouble-wrong-password = Der Name oder das Passwort stimmt nicht. Versuchen Sie es noch einmal.
trouble-wrong-current = Das jetzige Passwort stimmt nicht. Versuchen Sie es noch einmal.
trouble-wrong-code = Der Code stimmt nicht. Versuchen Sie es noch einmal.
trouble-wrong-recovery = Der Wiederherstellungscode stimmt nicht. Versuchen Sie es noch einmal.
trouble-wrong-passkey = Der Passkey stimmt nicht. Versuchen Sie es noch einmal.
trouble-wrong-passkey-answer = Die Antwort des Passkeys stimmt nicht. Versuchen Sie es noch einmal.
trouble-wrong-sign-in = Die Anmeldung stimmt nicht. Versuchen Sie es noch einmal.
trouble-wrong-link = Der Link stimmt nicht. Versuchen Sie es noch einmal.
trouble-wait = Zu viele Versuche. Warten Sie { $seconds } s, und versuchen Sie es dann noch einmal.
trouble-over = Diese Anmeldung ist vorbei, oder der Schritt wurde schon gemacht. Melden Sie sich noch einmal an.
trouble-sign-in-busy = Der Dienst ist ausgelastet. Versuchen Sie es gleich noch einmal.
sign-in-portal = Für Kunden: Ihre Produkte, Schlüssel und Downloads.
sign-in-not-customer = Sie arbeiten für den Partner?
sign-in-partners = Partner melden sich hier an
