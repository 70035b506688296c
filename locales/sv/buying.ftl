# The catalogue, the cart and buying.
products-category = Kategori
products-azure = Azure
products-online = Onlinetjänster
products-software = Programvara
products-cart = { $count ->
    [0] Varukorg: tom
    [one] Granska varukorgen: { $count } rad
   *[other] Granska varukorgen: { $count } rader
}
products-agree-later = Du kan fylla varukorgen nu och bekräfta avtalet där.
products-no-online = Det finns inga onlinetjänster i den här katalogen.
products-find = Namn eller id innehåller
products-type = Typ
products-segment = Segment
products-publisher = Utgivare
products-view = Vy
products-by-sku = Per SKU
products-by-product = Per produkt
products-show = Visa
products-none = Inget i katalogen passar.
products-not-here = Kan inte köpas för den här kunden:
products-no-price = Det finns inget pris för marknaden { $market }.
products-sold = Säljs här
products-sold-here = Bara det som har ett pris på den här marknaden
products-azure-first = Reservationer gäller för en Azure-prenumeration som är registrerad för dem. Kunden har ingen ännu:
products-way = Löptid och fakturering
products-add = Lägg i varukorgen
products-added = Det ligger i varukorgen.
products-add-wrong = Välj en löptid och ange antalet som ett heltal.
unavailable-important = Viktigt
unavailable-here = Azure-reservationer kan inte köpas på den här marknaden: { $market }.
unavailable-where = Azure-reservationer kan inte köpas på { $count } marknader. Visa dem
unavailable-caption = Marknaderna i alfabetisk ordning; läs varje kolumn uppifrån och ned.
unavailable-column = { $first } till { $last }
unavailable-alphabet-begin = A
unavailable-alphabet-end = Ö
cart-title = Granska
cart-empty = Varukorgen är tom.
cart-quantity-of = Antal av { $title }
cart-po-number = Kundens ordernummer (valfritt)
cart-po-hint = Kundens eget nummer för köpet. Det står på ordern och på fakturan.
cart-update = Uppdatera
cart-saved = Varukorgen har sparats.
cart-stale = Varukorgen har ändrats under tiden, i ett annat fönster eller för att den köptes. Nedan står vad som ligger i den nu.
cart-changed = Antalen har ändrats. Titta igenom de nya beloppen och välj sedan ”Köp”.
cart-unreadable = Ett antal är inte ett heltal, eller så är kundens ordernummer längre än 50 tecken. Varukorgen visas som den var.
cart-who-attests = En administratörsagent eller försäljningsagent i ditt företag kan bekräfta det.
cart-buy-lead = När du köper bekräftar du skulden; den kommer på nästa månadsfaktura. På varje rad ovan står hur den kan annulleras.
cart-never-back = Jag vet att planer för SUSE och Red Hat aldrig kan avbeställas, bytas eller återbetalas och att outnyttjad tid går förlorad.
cart-go-on = Lägg till fler produkter
terms-full = Kan annulleras till { $until }. Hela beloppet (100 %) krediteras på nästa månadsfaktura.
terms-prorated = Kan annulleras till { $until }. De dagar som inte har använts krediteras på nästa månadsfaktura.
terms-request = Annulleras inte härifrån. Byte och återbetalning görs genom ett supportärende.
terms-never = <strong>Kan aldrig annulleras, bytas eller återbetalas.</strong> <a href="/help/linux-plans">Varför?</a>
bought-title = Tack! Ordern är lagd.
bought-lead = { $count ->
    [one] En order har lagts. Den syns direkt i orderhistoriken.
   *[other] { $count } ordrar har lagts. De syns direkt i orderhistoriken.
}
bought-missing = De här raderna gick inte att köpa:
bought-software = Hämta nycklar och nedladdningar
cart-prices-changed = Ett pris eller en rad har ändrats sedan sidan visades. Inget har köpts. Se över beloppen nedan och tryck sedan på Köp.
products-onward = Gå vidare
