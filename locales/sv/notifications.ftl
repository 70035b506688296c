# What people are told, on the page and by mail.
notice-title = Aviseringar
notice-none = Inget än. Här kommer det du behöver veta om ordrar, nycklar och ditt konto.
notice-read-all = Markera alla som lästa
notice-all-read = Allt är markerat som läst.
notice-older = Äldre aviseringar
notice-new = Ny
notice-open = Öppna
notice-what-is-mailed = Välj vad du får med e-post

# The kinds: what stands above each, and is the subject of its mail.
notice-kind-order-placed = Order lagd
notice-kind-keys-waiting = En order väntar på produktnycklar
notice-kind-invoice-ready = Faktura eller kreditnota utfärdad
notice-kind-renewal-failed = Prenumerationen förnyades inte
notice-kind-window-closing = Annulleringstiden går snart ut
notice-kind-order-cancelled = Order annullerad
notice-kind-request-answered = Din förfrågan är besvarad
notice-kind-sign-in-new-place = Inloggning från en ny plats
notice-kind-stock-low = Få produktnycklar kvar
notice-kind-request-filed = Ny förfrågan från en partner

# The sentences.
notice-order-placed = { $customer }: order { $order } har lagts ({ $product }).
notice-keys-waiting = { $customer }: order { $order } väntar, eftersom det inte finns någon produktnyckel i lager ({ $product }). Den går vidare av sig själv när nycklar kommer in.
notice-invoice-ready = Faktura { $number } för { $month } har utfärdats.
notice-credit-note-ready = Kreditnota { $number } för { $month } har utfärdats.
notice-renewal-failed = { $customer }: { $product } upphörde { $ended } och förnyades inte, eftersom { $why ->
    [term] produkten inte längre säljs på dessa villkor
    [quantity] det antalet inte längre säljs
    [sale] produkten saknar pris där
   *[rules] produkten inte längre får köpas för den kunden
}. { $final ->
    [yes] Prenumerationen har upphört slutgiltigt.
   *[no] Nya försök görs varje dag till och med { $until }.
}
notice-window-closing = { $customer }: order { $order } kan annulleras till och med { $closes }.
notice-order-cancelled = { $customer }: order { $order } har annullerats, helt eller delvis ({ $product }).
notice-request-answered = Operatören har besvarat din förfrågan ”{ $title }”.
notice-sign-in-new-place = Någon har loggat in som du från { $address } ({ $browser }). Om det inte var du, avsluta sessionen och byt lösenord.
notice-stock-low = { $left ->
    [one] Det finns { $left } produktnyckel kvar för { $product }, version { $version }.
   *[other] Det finns { $left } produktnycklar kvar för { $product }, version { $version }.
}
notice-request-filed = { $partner } har en förfrågan: { $title }

# Mails.
mail-open = Öppna i Chandlery
mail-when = Tidpunkt: { $at }
mail-preferences = Välj vilka mejl du får
mail-reset-subject = Välj ett nytt lösenord
mail-reset-asked = Någon, troligen du, har bett om ett nytt lösenord för { $name }.
mail-reset-open = Välj nytt lösenord
mail-reset-life = Länken fungerar en gång och i 30 minuter.
mail-reset-ignore = Om du inte har bett om det behöver du inte göra något: ditt lösenord förblir som det är.

# One's own settings.
settings-title = Mina inställningar
settings-saved = Dina inställningar är sparade.
settings-reading = Språk och tid
settings-language = Språk
settings-language-browser = Som i webbläsaren
settings-zone = Tidszon
settings-zone-hint = Till exempel Europe/Stockholm. Lämna tomt för att använda webbläsarens.
settings-zone-wrong = Tidszonen finns inte. Välj en i listan, till exempel Europe/Stockholm.
settings-example = En tid ser då ut så här: { $time }
settings-show-example = Visa ett exempel
settings-mails = E-post
settings-mails-hint = Aviseringar finns alltid på sin sida. Vilka vill du också få med e-post?
settings-mails-none = Den här installationen skickar ingen e-post. Ditt val gäller när den gör det.
settings-mails-always = alltid på, för din säkerhet
settings-no-address = Ditt inloggningsnamn är ingen e-postadress, så ingen e-post når dig.
notice-kind-payment-late = Faktura förfallen
notice-payment-late = Faktura { $number } förföll den { $due }; { $open } av den är obetalt.
