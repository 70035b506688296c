# Software that was bought: keys, downloads and links.
problem = Problem:
portal-billing = Fakturering
submit = Skicka
close = Stäng
copied = Kopierat
not-copied = Det gick inte att kopiera: markera texten och kopiera den för hand
download = Ladda ned
manifest = Manifest
manifest-signature = signatur
software-none = Ingen programvara har köpts än. Det som köps står här, med sina nycklar och nedladdningar.
software-lead = Öppna en produkt för att hämta dess nycklar och nedladdningar.
software-quantity = Antal: { $count }
software-open = Nycklar och nedladdningar
software-runs-until = Löper till
software-given-back = Återlämnad
software-cancelled-at = annullerad { $at }
software-was-cancelled = Köpet har annullerats. Nycklar och nedladdningar finns inte längre, och länkarna gäller inte mer.
software-term-over = Löptiden är slut, och med den nycklar och nedladdningar. Köp produkten på nytt för att fortsätta använda den.
software-waits = Ordern väntar på produktnycklar. Den fortsätter av sig själv så snart de kommer; du behöver inte göra något.
software-nothing-yet = Det finns inga nycklar eller nedladdningar för den här produkten än.
software-who-partner = Nycklar och nedladdningar är till för administratörsagenter.
software-who-customer = Nycklar och nedladdningar är till för ditt företags globala administratör.
software-select = Välj produkt
software-version = Version
software-language = Språk
software-bits = Bitantal
software-type = Filtyp/operativsystem
software-get = Hämta nycklar och nedladdningar
software-gone = Det finns inte längre. Välj på nytt.
software-key-only = Produkten har bara en nyckel; det finns inget att ladda ned.
software-no-such = Det finns ingen nedladdning för det valet.
software-there-is = Det finns: { $list }.
software-guide = Så hanterar du nycklar och nedladdningar säkert
guide-address = /help/keys-and-downloads
key-title-short = Produktnyckel
key-title = Produktnyckel, version { $version }
key-opened = Nyckeln har öppnats; det står i aktivitetsloggen.
key-give-partner = Den som känner till den kan förbruka dess aktiveringar: ge den bara till kunden, på ett sätt där ingen annan kan läsa den.
key-give-customer = Den som känner till den kan förbruka dess aktiveringar: ge den bara till dem som installerar programvaran.
key-no-mail = Den skickas aldrig med e-post härifrån.
key-show = Visa nyckeln
key-copy = Kopiera nyckeln
key-get = Hämta nyckel
key-reason = Skäl
key-reason-optional = Skäl (valfritt)
key-reason-asked = Operatören vill veta varför en nyckel öppnas.
key-activations = { $count ->
    [one] Den tillåter { $count } aktivering.
   *[other] Den tillåter { $count } aktiveringar.
}
key-activations-unlimited = Dess aktiveringar är inte begränsade.
key-asked = En andra person har tillfrågats.
key-asked-next = En annan administratörsagent i ditt företag godkänner under <a href="/key-approvals">Godkännanden</a> inom 24 timmar. Välj sedan ”Hämta nyckel” igen; godkännandet gäller i ett dygn.
link-title-short = Nedladdningslänk
link-title = Nedladdningslänk för { $file }
link-label = Länken
link-copy = Kopiera länk
link-again = Utfärda igen
link-until = Den gäller till { $until }
link-days = { $count ->
    [one] Den gäller i { $count } dag från den första nedladdningen
   *[other] Den gäller i { $count } dagar från den första nedladdningen
}
link-most = { $count ->
    [one] och för { $count } nedladdning, beroende på vad som tar slut först.
   *[other] och för { $count } nedladdningar, beroende på vad som tar slut först.
}
link-days-after = { $count ->
    [one] { $count } dag efter den första nedladdningen
   *[other] { $count } dagar efter den första nedladdningen
}
link-of = { $used } av { $max }
link-risks = Den som har länken kan ladda ned med den utan att logga in, och varje nedladdning räknas. Skicka den bara till den som behöver den. Den visar ingen nyckel. Om köpet annulleras slutar den gälla direkt. Den visas bara den här gången; du kan skapa en ny när som helst.
links-title = Nedladdningslänkar
link-file = Fil
link-issued = Skapad
link-ends = Slutar gälla
link-downloads = Nedladdningar
