# What stands around every page.
frame-skip = Zum Inhalt springen
frame-practice = Übung:
frame-practice-text = nichts hier ist echt
frame-signed-in-as = Angemeldet als
frame-main = Hauptmenü
frame-sign-out = Abmelden
frame-search = Suchen
frame-search-label = Kunde, Bestellung, Rechnung, Produkt suchen
frame-settings = Einstellungen
frame-notifications = Benachrichtigungen
frame-unread = { $count ->
    [one] { $count } ungelesene Benachrichtigung
   *[other] { $count } ungelesene Benachrichtigungen
}
frame-language = Sprache
frame-language-change = Ändern
way-home = Start
way-customers = Kunden
way-products = Ihre Produkte
way-approvals = Freigaben
way-support = Support
way-security = Sicherheit
way-users = Benutzer
way-applications = Anwendungen
way-activity = Aktivitätsprotokoll
way-profile = Meine Einstellungen
way-company = Unternehmensprofil
way-notifications = Benachrichtigungen
way-agreement = Vereinbarung
way-markets = Märkte
