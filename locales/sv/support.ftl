# Supportärenden: skickas av partner, besvaras av operatören.
way-requests = Partnernas ärenden
support-new = Nytt ärende
support-new-title = Rapportera ett problem med Partner Center
support-yours = Dina ärenden
support-none = Du har inga ärenden än. Här står det du frågar om och svaren; dina kollegor ser det inte.
support-older = Äldre ärenden
support-more = Fler ärenden
support-unread = Nytt svar
support-changed = Senast ändrat
support-state = Läge
support-number = Ärendenummer
support-request-number = Ärende { $number }
support-asked = Skickat
support-due = Första svar senast
support-overdue = Försenat
support-was-answered = Besvarat

# Formuläret.
support-details = Uppgifter
support-choose = Välj en typ
support-type = Typ av problem
support-impact = Påverkan
support-impact-answer = { $hours ->
    [one] { $impact }: första svar inom { $hours } timme
   *[other] { $impact }: första svar inom { $hours } timmar
}
support-title = Rubrik
support-description = Beskrivning
support-description-text = Vad är problemet?
support-description-hint = För alla typer utom återbetalning. Skriv vad du gjorde, vad som hände och vad du väntade dig. Skriv aldrig en produktnyckel eller ett lösenord här.
support-items-hint = För återbetalning behövs alla fyra.
support-tenant = Kundens klient-GUID eller domännamn
support-purchase = Order-id eller prenumerations-id
support-reason = Skäl till återbetalningen
support-amount = Begärt belopp
support-amount-asked = Begärt belopp
support-customer = Kund
support-customer-optional = Kundens klient-GUID eller domännamn (valfritt)
support-order = Ordernummer
support-partner = Partnerföretag
support-contact = Kontakt
support-contact-hint = Dina egna uppgifter, inte kundens. Operatören svarar här och kan också ringa eller mejla.
support-name = Namn
support-email = E-postadress
support-phone = Telefonnummer
support-add-files = Lägg till filer
support-files = Filer
support-files-hint = { $count ->
    [one] Valfritt. Högst en fil på { $size }: PDF, bild, text, Word, Excel, OpenDocument-text eller ZIP.
   *[other] Valfritt. Upp till { $count } filer på { $size } var: PDF, bilder, text, Word, Excel, OpenDocument-text eller ZIP.
}
support-files-again = Filerna sparades inte. Välj dem igen.
support-files-too-many = { $count ->
    [one] Välj högst en fil.
   *[other] Välj högst { $count } filer.
}
support-files-broken = Filerna kom inte fram. Välj högst { $count } filer på { $size } var.
support-file-too-large = { $name } är större än { $size }. Välj en mindre fil.
support-file-empty = { $name } är tom. Välj en annan fil.
support-file-kind = { $name } är av en typ som inte tas emot, eller är inte vad namnet säger. Välj en fil med PDF, bild, text, Word, Excel, OpenDocument-text eller ZIP.
support-submit = Skicka in
support-refund-title = Återbetalning för { $product }
support-customer-unknown = Du har ingen sådan kund. Ange kundens klient-GUID eller hela domännamnet.
support-order-unknown = Kunden har ingen sådan order eller prenumeration. Ange numret eller id:t.
support-amount-wrong = Ange ett belopp i { $currency }, till exempel 1500,00.

# Samtalet.
support-conversation = Konversation
support-you = Du
support-operator = Operatör
support-operator-person = { $name }
support-earlier = Tidigare meddelanden
support-withdrawn = Tillbakadraget, så att ordern kan annulleras i portalen.
support-message = Meddelande
support-add-note = Lägg till ett meddelande
support-send = Skicka
support-close = Stäng ärendet
support-reopen = Öppna ärendet igen
support-reopen-title = Är problemet tillbaka?
support-raised = Ditt ärende har skickats. Det har nummer { $number }.
support-said = Ditt meddelande har lagts till.
support-closed = { $days ->
    [one] Ärendet är stängt. Det kan öppnas igen inom { $days } dag.
   *[other] Ärendet är stängt. Det kan öppnas igen inom { $days } dagar.
}
support-reopened = Ärendet är öppet igen.

# Operatörens sida.
support-filter = Filtrera
support-any = Alla
support-not-closed = Inte stängda
support-queue-empty = Inget ärende väntar här.
support-ask-back = Be om mer information
support-answered = Svaret har skickats.
support-asked-back = Frågan har skickats. Ärendet väntar på partnern.
support-closed-by-us = Ärendet är stängt.
support-activations-title = Fler aktiveringar
support-activations-wanted = Önskade aktiveringar
support-activations-answered = Ärendet har besvarats och stängts.
support-granted = Aktiveringar som nyckeln ska tillåta totalt
support-answer = Svar till partnern
support-grant = Bevilja
support-refuse = Avslå
support-credit-title = Besluta om en kreditering i undantagsfall
support-credit-lead = En kreditering i undantagsfall ger pengar tillbaka utan att ordern annulleras: produktnycklar och prenumerationer gäller fortfarande. Den kan inte tas tillbaka, och därefter kan ordern inte annulleras i portalen.
support-credit-asked = Begärt: { $amount }
support-credit-which = Orderrad
support-credit-line = { $title } (högst { $left })
support-credit-amount = Belopp att kreditera
support-credit-reason = Skäl
support-credit-reason-hint = Står i partnerns aktivitetslogg.
support-credit-book = Bokför krediteringen
support-credited = Krediteringen är bokförd. Berätta det för partnern i ett svar.
support-credit-other = Det här formuläret har redan bokfört en annan kreditering. Nedan visas vad som är kvar; besluta på nytt om mer ska krediteras.

# Lagrade ord.
support-topic-more-activations = Fler aktiveringar
support-topic-refund = CSP-köp/återbetalning för kunders räkning
support-topic-technical = Tekniskt problem
support-topic-billing = Fakturering
support-topic-account = Konto och användare
support-topic-other = Något annat
support-impact-critical = Kritisk
support-impact-moderate = Måttlig
support-impact-minimal = Liten
support-state-open = Öppet
support-state-attention-needed = Komplettering krävs
support-state-closed = Stängt
charge-customercredit = Kreditering i undantagsfall
operation-credit-order = Kreditering i undantagsfall bokförd
fact-topic = Typ av problem
fact-severity = Påverkan
fact-files = Filer
fact-amount = Belopp
fact-request = Ärende
trouble-ask = Fråga operatören
