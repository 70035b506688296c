# Azure Hybrid Benefit: licences used again in Azure.
section-benefit = Hybrid Benefit
benefit-title = Azure Hybrid Benefit
benefit-lead = Windows Server Datacenter and Standard licences with Software Assurance, and subscriptions of them, can be used again for Windows machines in Azure, which then cost the lower base compute rate, that of a Linux machine. Standard is either converted to Azure or stays where it is; Datacenter is used in both places. SQL Server licences cover SQL Server in Azure the same way.
workload-windows = Windows Server
workload-host = Windows Server on a dedicated host
workload-sql-vm-standard = SQL Server Standard
workload-sql-vm-enterprise = SQL Server Enterprise
workload-sql-general-purpose = Azure SQL, General Purpose
workload-sql-business-critical = Azure SQL, Business Critical
place-azure = In Azure
place-host = Dedicated host in Azure
place-premises = On premises
benefit-licences = Core licences
benefit-none = This customer has no core licences with the benefit yet.
benefit-edition = Edition
benefit-owned = Owned
benefit-in-azure = In Azure
benefit-on-premises = On premises
benefit-free = Free for Azure
benefit-lacks-now = { $cores ->
    [one] 1 core licence lacks now: buy more, or end a use
   *[other] { $cores } core licences lack now: buy more, or end uses
}
benefit-lacks-on = { $cores ->
    [one] 1 core licence lacks from { $day } on
   *[other] { $cores } core licences lack from { $day } on
}
benefit-perpetual = { $cores } cores of perpetual licences bought here come without Software Assurance and carry no benefit.
benefit-sources = Where they come from
benefit-until = until
benefit-renews = { $day }, then renewed
benefit-declared = Declared licences with Software Assurance
benefit-declared-note = Declared licences: { $note }
benefit-declare = Declare licences with Software Assurance from elsewhere
benefit-declare-hint = Licences without Software Assurance carry no benefit.
benefit-cores = Core licences
benefit-count = How many licences
benefit-unit = Counted by
benefit-unit-cores = Core
benefit-unit-processors = Processor (16 core licences each)
benefit-assurance-from = First day of Software Assurance
benefit-assurance-through = Last day of Software Assurance
benefit-note = Note, such as the contract’s number (optional)
benefit-withdraw = Withdraw
benefit-uses = In use
benefit-uses-none = Nothing is recorded as in use.
benefit-since = Since
benefit-end = End
benefit-last-day = Last day
benefit-overlap = { $days ->
    [one] may be in use in both places through { $day }: 1 day left
   *[other] may be in use in both places through { $day }: { $days } days left
}
benefit-premises = Record licences in use on premises
benefit-premises-hint = Standard licences in use on premises are not free for Azure, save for 180 days while a machine moves there. Datacenter licences are.
benefit-premises-name = What they are used for, such as a server’s name
benefit-calculator = Calculate
benefit-list = Machines, one a line: name, size, region, count, hours a month
benefit-list-hint = Typed, pasted out of a table, or a file below. Only the name and the size are needed.
benefit-file = Or a CSV file
benefit-columns = Further columns
benefit-columns-text = With a header line, columns may stand in any order: Name, Size, Region, Cores, Count, Hours, Workload (windows, sql_vm_standard, sql_vm_enterprise, sql_general_purpose, sql_business_critical), LicensedRate and BaseRate with ReservedRate (an hour; for sizes and regions without a known rate, and for SQL Server), Host and HostCores (machines on a dedicated host, covered together by its physical cores).
benefit-region = Region of machines that name none (rates in { $currency })
benefit-region-none = None: count core licences only
benefit-reserve = Compare with a reservation for
benefit-calculate = Calculate
benefit-list-wrong = { $count ->
    [one] The list has a mistake. Nothing was calculated.
   *[other] The list has { $count } mistakes. Nothing was calculated.
}
benefit-list-large = A list has at most { $most } MB.
benefit-result-title = What the benefit saves
benefit-result = With the licences at hand these machines cost { $planned } a month instead of { $plain }: { $saved } ({ $percent }) less.
benefit-advertised = With the benefit on every machine of this list it would be { $saved } ({ $percent }) less; “up to 40 %” is what is advertised.
benefit-best = The licences are put where they save most: no other choice of machines saves more.
benefit-bound = The licences are put where they save most, as far as can be searched: no other choice of machines saves more than { $bound }.
benefit-unrated = { $count ->
    [one] 1 machine has no known rate: its cores are counted, its costs are not.
   *[other] { $count } machines have no known rate: their cores are counted, their costs are not.
}
benefit-chart = Costs a month
benefit-chart-note = A reservation pays for every hour of the month and covers the base compute rate; the benefit covers the licence. Together they add up. Prices of the licences themselves are not part of these sums.
benefit-bar-plain = By the hour, licence included
benefit-bar-benefit = With the benefit
benefit-bar-reserved = Reserved, licence included
benefit-bar-both = Reserved, with the benefit
benefit-less = { $percent } less
benefit-lacks-title = To cover the rest
benefit-lacks = { $cores ->
    [one] 1 core licence of { $edition } lacks.
   *[other] { $cores } core licences of { $edition } lack.
}
benefit-pack = { $quantity } × { $title }: { $cores } cores, { $price } each ({ $way }).
benefit-no-pack = There is no subscription of this edition on sale for this customer.
benefit-machines = Machines
benefit-machine = Machine
benefit-cores-each = Cores each
benefit-cover = Covered by
benefit-saves = Saves a month
benefit-by = { $edition }, { $cores } core licences
benefit-by-many = { $count } by { $edition }, { $cores } core licences each
benefit-by-host = { $edition }, with its host
benefit-not-covered = not covered
benefit-rest = { $count } not covered
benefit-already = has the benefit already
benefit-already-some = { $count } with the benefit already
benefit-no-rate = no rate
benefit-host = Dedicated host { $name }, { $cores } cores
benefit-host-covered = covered by Windows Server Datacenter
benefit-more = { $count ->
    [one] 1 more machine stands in the table.
   *[other] { $count } more machines stand in the table.
}
benefit-goes-on = What to do with it
benefit-csv = Save as a table (CSV)
benefit-print-hint = Printed, this page is a sheet for the customer.
benefit-started = First day
benefit-migrated = The machines move there from on premises: their licences may be in use in both places for 180 days
benefit-record = { $count ->
    [one] Record what is covered as in use: 1 machine
   *[other] Record what is covered as in use: { $count } rows
}
benefit-nothing-to-record = The licences cover none of these machines, so there is nothing to record.
benefit-day = Give a day, such as 2020-01-24.
benefit-choose-edition = Choose an edition of the list.
benefit-done-declared = The licences are declared.
benefit-done-withdrawn = The declaration is withdrawn.
benefit-done-recorded = The use is recorded. Switch the benefit on in Azure too: nothing here does that.
benefit-done-ended = The use is ended. Switch the benefit off in Azure too.
cancel-takes-cores = This takes { $cores } core licences of { $edition } away. Machines recorded with Azure Hybrid Benefit would lack { $lacks }: buy others, or switch the benefit off for them first.
subscription-takes-cores = If it ends, { $cores } core licences of { $edition } go, and machines recorded with Azure Hybrid Benefit lack { $lacks }: buy others in time, or switch the benefit off for them.
