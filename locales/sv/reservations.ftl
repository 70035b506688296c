# Azure-reservationer, och de Azure-abonnemang de gäller för.

reservation-own = Reservationer
reservation-own-hint = Var och en sänker priset på maskiner som passar den, timme för timme; timmar som inte används kommer inte tillbaka.
reservation-bought = Köp
reservation-name = Namn
reservation-scope = Omfattning
reservation-shared = Gemensam för alla Azure-abonnemang
reservation-change = Ändra
reservation-part = Hur många går till den första delen?
reservation-part-hint = Resten av { $quantity } går till den andra. Tillsammans är de vad de var.
reservation-split = Dela
reservation-merge = Slå samman de ikryssade
reservation-merge-hint = Reservationer från en rad i en beställning med samma omfattning blir en igen.
reservation-guid = måste vara ett GUID, till exempel 5b2d8c3e-0f1a-4d6b-9c7e-2a3b4c5d6e7f
reservation-state-creating = Etableras
reservation-state-running = Aktiv
reservation-state-expired = Har löpt ut
reservation-state-replaced = Ersatt
reservation-done-added = Azure-abonnemanget har lagts till.
reservation-done-registered = Det är registrerat: reservationer kan köpas på det.
reservation-done-azure = Sparat.
reservation-done-changed = Reservationen har ändrats.
reservation-done-split = Reservationen har delats.
reservation-done-merged = Reservationerna har slagits samman.
azure-title = Azure-abonnemang
azure-hint = Reservationer kan gälla för ett av dem. Ett Azure-abonnemang skapas i Azure; här är det känt under det ID det har där.
azure-none = Inga ännu.
azure-add = Lägg till ett Azure-abonnemang
azure-add-do = Lägg till
azure-id = Abonnemangs-ID
azure-id-hint = Ett GUID; Azure-portalen visar det under Prenumerationer.
azure-registered = Registrerat för reservationer
azure-not-registered = Inte registrerat
azure-suspended = Pausat
azure-register = Registrera för reservationer
azure-suspend = Pausa
azure-resume = Återuppta

# Lämna tillbaka och byta

reservation-state-returned = Återlämnad
reservation-done-returned = Den har lämnats tillbaka. Krediteringen kommer på nästa månadsfaktura.
reservation-done-exchanged = Den har bytts. Krediteringen och den nya reservationen kommer på nästa månadsfaktura.
give-back = Lämna tillbaka eller byt
give-back-refund = Få pengar tillbaka
give-back-exchange = Byt
give-back-quantity = Hur många?
give-back-quantity-hint = Högst { $most }. Det som inte lämnas tillbaka förblir som det är.
give-back-search = Sök
give-back-search-hint = Bara reservationer av samma slag kan väljas.
give-back-for = Byt mot
give-back-more = Det finns fler: sök med ett ord ur namnet.
give-back-none = Inget av samma slag säljs under de orden.
give-back-count = Hur många av den nya?
give-back-reckon = Räkna ut
give-back-comes = Vad som kommer tillbaka
give-back-worth = Vad den gamla är värd
give-back-cheaper = { $paid } betalades för en; i dag kostar den { $now }, och det lägre priset gäller.
give-back-fee = { $percent } av { $worth } behålls: { $fee }
give-back-holds = Det gäller till
give-back-policy-all = Regel i kraft sedan { $from }: allt under { $days ->
    [one] den första dagen
   *[other] de första { $days } dagarna
}, därefter det outnyttjade minus { $percent }.
give-back-policy-part = Regel i kraft sedan { $from }: det outnyttjade; efter { $days ->
    [one] { $days } dag
   *[other] { $days } dagar
} behålls { $percent } av det.
give-back-cap = { $given } har kommit tillbaka till kunden de senaste { $months } månaderna. Efter detta återstår { $left } av { $most }.
give-back-new = Vad den byts mot
give-back-pay = Vad som debiteras utöver det
give-back-important = Reservationen upphör genast: det som körs under den kostar vanligt pris från och med den här timmen. Det går inte att ångra.
give-back-important-exchange = Den gamla reservationen upphör genast, och den nya börjar när den har etablerats. Det går inte att ångra.
give-back-agree = Jag har läst detta, och kunden vet om det.
give-back-do = Lämna tillbaka
give-back-do-exchange = Byt
give-back-tick-first = Kryssa i att du har läst vad som upphör och försök sedan igen.
give-back-look-first = Se först vad som kommer tillbaka och försök sedan igen.
reservation-kind-unknown = okänt slag
reservation-kind-virtualmachines = virtuella datorer
reservation-kind-sqldatabases = SQL-databas
reservation-kind-manageddisk = hanterade diskar
reservation-kind-dedicatedhost = dedikerade värdar
reservation-kind-synapseprepurchase = Synapse, betalt i förväg
reservation-kind-vmwarecloudsimple = VMware från CloudSimple
reservation-kind-azuredataexplorer = Azure Datautforskaren
reservation-kind-blockblob = bloblagring
azure-portal = Hantera i Azure-portalen
azure-portal-new = (öppnas i en ny flik)
