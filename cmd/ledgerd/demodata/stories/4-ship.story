# One hull, number 2000004 (no ship has a number that begins with 2), under two
# names and four flags: XX, XB, XY, then a false one.
XB/registry vessel.identity_changed {"occurred_on":"@-400","regime":"XA-EXAMPLE","confidence":"confirmed","imo":"2000004",
  "old":{"name":"MV EXAMPLE DAWN","flag":"XX"},"new":{"name":"MV EXAMPLE DAWN","flag":"XB","call_sign":"XXDW"}}
XC/coastguard vessel.observed {"occurred_on":"@-200","regime":"XA-EXAMPLE","confidence":"probable","flag_claimed":"XB","sensor":"satellite_radar",
  "vessel":{"kind":"vessel","names":[{"text":"MV EXAMPLE DAWN"}],"identifiers":[{"scheme":"imo","value":"2000004"}]},
  "position":{"lat":"0.5","lon":"-30.25","radius_nm":"2"},"at":"@-200T04:30:00Z","activity":"drifting","ais_gap_minutes":2900}
XB/registry vessel.deregistered {"occurred_on":"@-120","regime":"XA-EXAMPLE","confidence":"confirmed","flag":"XB","registry":"Ship registry of XB",
  "vessel":{"kind":"vessel","names":[{"text":"MV EXAMPLE DAWN"}],"identifiers":[{"scheme":"imo","value":"2000004"}]},
  "order":{"requested_by":"Customs of XA","ordered_on":"@-130"}}
XB/registry vessel.identity_changed {"occurred_on":"@-120","regime":"XA-EXAMPLE","confidence":"confirmed","imo":"2000004",
  "old":{"name":"MV EXAMPLE DAWN","flag":"XB"},"new":{"name":"MV EXAMPLE DUSK","flag":"XY"}}
XC/coastguard ship_to_ship_transfer.reported {"occurred_on":"@-100","regime":"XA-EXAMPLE","confidence":"probable","concerning":["XX"],
  "vessels":[{"role":"supplier","vessel":{"kind":"vessel","names":[{"text":"MV EXAMPLE DUSK"}],"identifiers":[{"scheme":"imo","value":"2000004"}]},"flag_claimed":"XY"},
    {"role":"receiver","vessel":{"kind":"vessel","names":[{"text":"a tanker with a painted-over name"}]},"flag_claimed":"unknown"}],
  "position":{"lat":"0.75","lon":"-31"},"start":"@-100T21:00:00Z","commodity":"gas oil","hs_code":"2710","quantity":{"amount":"4200","unit":"t"},
  "evidence":[{"sha256":"1f8c6e8a4e5d3b2c7a90d4f1e2b3c4d5a6978879605142332415060708090a0b","media_type":"image/png","held_by":"XA/customs"}],
  "case":"EXAMPLE-DUSK"}
XC/coastguard vessel.identity_changed {"occurred_on":"@-99","regime":"XA-EXAMPLE","confidence":"probable","imo":"2000004","fraudulent":true,
  "old":{"name":"MV EXAMPLE DUSK","flag":"XY"},"new":{"name":"MV EXAMPLE DUSK","flag":"false"},"case":"EXAMPLE-DUSK"}
XA/customs port_entry.denied {"occurred_on":"@-90","regime":"XA-EXAMPLE","confidence":"confirmed","port":{"city":"Port of Example","country":"XA"},"flag_claimed":"false",
  "vessel":{"kind":"vessel","names":[{"text":"MV EXAMPLE DUSK"}],"identifiers":[{"scheme":"imo","value":"2000004"}]},
  "order":{"requested_by":"Coast guard of XC","ordered_on":"@-93"}}
XC/coastguard vessel.observed {"occurred_on":"@-80","regime":"XA-EXAMPLE","confidence":"confirmed","concerning":["XZ"],"flag_claimed":"false","sensor":"port_call",
  "vessel":{"kind":"vessel","names":[{"text":"MV EXAMPLE DUSK"}],"identifiers":[{"scheme":"imo","value":"2000004"}]},
  "place":{"city":"Port of Nowhere","country":"XZ"},"activity":"unloading"}
XC/coastguard interdiction.executed {"occurred_on":"@-70","regime":"XA-EXAMPLE","designations":["XA:E.002"],"outcome":"detained","flag_claimed":"false",
  "subject":{"kind":"vessel","names":[{"text":"MV EXAMPLE DUSK"}],"identifiers":[{"scheme":"imo","value":"2000004"}]},
  "place":{"city":"Port of Sample","country":"XC"},"case":"EXAMPLE-DUSK"} as stopped

# The case: XC leads it, asks XB, which answers within a week, and closes it.
XC/coastguard violation.reported {"occurred_on":"@-100","regime":"XA-EXAMPLE","confidence":"probable","concerning":["XX"],"category":"ship_to_ship_transfer",
  "narrative":{"text":"Gas oil passed to a tanker at night.","language":"en"},"reporter_type":"agency","case":"EXAMPLE-DUSK",
  "evidence":[{"sha256":"2a9d7f9b5f6e4c3d8ba1e502f3c4d5e6b7a8998a716253443526171819202122","media_type":"application/pdf","held_by":"XB/registry"}]} as transfer
XC/coastguard case.opened {"occurred_on":"@-69","regime":"XA-EXAMPLE","case":"EXAMPLE-DUSK","violations":["$transfer"],"members":["XA","XB"],
  "title":{"text":"Fuel from the Example Dusk","language":"en"}} as dusk
XC/coastguard information.requested {"occurred_on":"@-65","case":"EXAMPLE-DUSK","to_member":"XB","due_on":"@-50",
  "questions":[{"text":"Who owned the ship while it flew XB's flag?","language":"en"}]} as owner
XB/registry information.answered {"occurred_on":"@-58","case":"EXAMPLE-DUSK","request":"$owner","answer":"complete",
  "text":{"text":"Imaginary Bulk Ltd, of XX, until 120 days ago.","language":"en"}}
XC/coastguard cargo.seized {"occurred_on":"@-45","regime":"XA-EXAMPLE","confidence":"confirmed","case":"EXAMPLE-DUSK","after":"$stopped","disposal":"held",
  "place":{"city":"Port of Sample","country":"XC"},"items":[{"description":"gas oil","hs_code":"2710","quantity":{"amount":"600","unit":"t"}}]} as seized
XC/coastguard enforcement.action_taken {"occurred_on":"@-35","regime":"XA-EXAMPLE","case":"EXAMPLE-DUSK","kind":"penalty","status":"final",
  "respondent":{"kind":"entity","names":[{"text":"Imaginary Bulk Ltd"}]},"amount":{"amount":"250000","currency":"CHF"}} as penalty
XC/coastguard case.closed {"occurred_on":"@-30","case":"EXAMPLE-DUSK","outcome":"substantiated","actions":["$seized","$penalty"],
  "text":{"text":"The owner paid, the cargo is held.","language":"en"}}
XA/customs text.translated {"target":"$dusk","field":"title","text":{"text":"Carburant de l'Example Dusk","language":"fr"}}

# Another: XA asks XB, and ten days after its day nothing is recorded.
XA/customs trade_violation.reported {"occurred_on":"@-55","regime":"XA-EXAMPLE","confidence":"alleged","category":"luxury","goods":"watches",
  "value":{"amount":"90000","currency":"CHF"},"route":{"from":"XB","to":"XX","means":"parcel"},"case":"EXAMPLE-WATCHES"}
XA/customs case.opened {"occurred_on":"@-54","regime":"XA-EXAMPLE","case":"EXAMPLE-WATCHES","title":{"text":"Watches by parcel","language":"en"}}
XA/customs information.requested {"occurred_on":"@-40","case":"EXAMPLE-WATCHES","to_member":"XB","due_on":"@-10",
  "questions":[{"text":"Which company sent the parcels?","language":"en"}]}
