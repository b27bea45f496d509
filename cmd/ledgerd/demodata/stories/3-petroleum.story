# XB supplies refined petroleum to XX and notifies it, once ten days late. XA and
# XC allege more than that; XB disputes what XA says, and XC calls a third amount
# disputed. Nobody's barrels are added to anybody else's, and the cap is of all
# suppliers together.
XB/customs petroleum_transfer.reported {"occurred_on":"2025-01-31","regime":"UN-DPRK","confidence":"confirmed","product":"refined","status":"notified",
  "quantity":{"amount":"20000","unit":"bbl"},"period":{"from":"2025-01-01","to":"2025-01-31"},"supplier":"XB","receiver":"XX","notified_on":"2025-02-20",
  "converted":{"bbl":"20000","factor":"1","source":"stated in barrels"}}
XB/customs petroleum_transfer.reported {"occurred_on":"2025-02-28","regime":"UN-DPRK","confidence":"confirmed","product":"refined","status":"notified",
  "quantity":{"amount":"3000","unit":"t"},"period":{"from":"2025-02-01","to":"2025-02-28"},"supplier":"XB","receiver":"XX","notified_on":"2025-04-09",
  "converted":{"bbl":"23700","factor":"7.9","source":"an invented density"}}
XB/customs petroleum_transfer.reported {"occurred_on":"2025-03-31","regime":"UN-DPRK","confidence":"confirmed","product":"refined","status":"notified",
  "quantity":{"amount":"10000","unit":"bbl"},"period":{"from":"2025-03-01","to":"2025-03-31"},"supplier":"XB","receiver":"XX","notified_on":"2025-04-15",
  "converted":{"bbl":"10000","factor":"1","source":"stated in barrels"}}
XA/customs petroleum_transfer.reported {"occurred_on":"2025-06-30","regime":"UN-DPRK","confidence":"alleged","product":"refined","status":"alleged",
  "quantity":{"amount":"180000","unit":"bbl"},"period":{"from":"2025-04-01","to":"2025-06-30"},"supplier":"XB","receiver":"XX",
  "converted":{"bbl":"180000","factor":"1","source":"tankers seen, at nine tenths of their capacity"}} as tankers
XB/customs event.disputed {"target":"$tankers","grounds":{"text":"The tankers carried food oil.","language":"en"}}
XC/coastguard petroleum_transfer.reported {"occurred_on":"2025-05-31","regime":"UN-DPRK","confidence":"probable","product":"refined","status":"alleged",
  "quantity":{"amount":"60000","unit":"bbl"},"period":{"from":"2025-05-01","to":"2025-05-31"},"supplier":"XB","receiver":"XX",
  "converted":{"bbl":"60000","factor":"1","source":"stated in barrels"}}
XC/coastguard petroleum_transfer.reported {"occurred_on":"2025-06-30","regime":"UN-DPRK","confidence":"alleged","product":"refined","status":"disputed",
  "quantity":{"amount":"40000","unit":"bbl"},"period":{"from":"2025-06-01","to":"2025-06-30"},"supplier":"XB","receiver":"XX",
  "converted":{"bbl":"40000","factor":"1","source":"two accounts that differ"}}
# This year's, so that today's page has a figure.
XB/customs petroleum_transfer.reported {"occurred_on":"@-0","regime":"UN-DPRK","confidence":"confirmed","product":"refined","status":"notified",
  "quantity":{"amount":"1500","unit":"bbl"},"period":{"from":"@-0","to":"@-0"},"supplier":"XB","receiver":"XX","notified_on":"@-0",
  "converted":{"bbl":"1500","factor":"1","source":"stated in barrels"}}
