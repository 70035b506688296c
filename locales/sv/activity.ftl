# The page of the activity log.
log-lead = Vem som har öppnat produktnycklar och laddat ned programvara, och vad mer som har gjorts för kunder.
log-lead-own = Vem som har öppnat ditt företags produktnycklar och laddat ned dess programvara.
log-sealed = { $count ->
    [one] { $count } post är förseglad och kan kontrolleras av utomstående.
   *[other] { $count } poster är förseglade och kan kontrolleras av utomstående.
}
log-checkpoint = Den senaste signerade kontrollpunkten är från { $at }.
log-broken = Loggen är inte hel.
log-broken-next = Poster saknas, eller andra står i deras ställe. Behåll de exporter du har och verifiera en med <code>chandlery audit verify</code>.
log-from = Från (UTC)
log-to = Till (UTC)
log-time = Datum och tid
log-customer = Berörd kund
log-action = Åtgärd
log-user = Användare
log-partner-user = Partnerns användare
log-company = Kundens namn innehåller
log-none = Det finns inga poster under den här tiden som stämmer med urvalet.
log-older = Äldre poster
log-export-csv = Exportera som CSV
log-export-lines = Exportera för kontroll
log-of-line = { $label } (rad { $number })
log-customer-person = Någon hos kunden
log-program = Program { $name }
log-erased = En person som har raderats
log-subject = Id
log-address = Adress
log-request = Id för begäran
log-number = Nummer i loggen
log-resource = Gäller
log-was = (tidigare: { $old })
log-by-link-of = Via en länk från { $name }
log-by-link = Via en nedladdningslänk
