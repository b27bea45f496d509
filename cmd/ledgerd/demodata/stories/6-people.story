# XC found remote workers from XX and sent most of them home. XA alleges more of
# them in XZ, which is no member and answers. Of two joint ventures in XB one was
# closed in time, the other is open 20 days past its day.
XC/coastguard workers.reported {"occurred_on":"@-330","regime":"XA-EXAMPLE","host":"XC","origin":"XX","sector":"information_technology","count":40,"count_to":60}
XC/coastguard workers.repatriated {"occurred_on":"@-90","regime":"XA-EXAMPLE","host":"XC","origin":"XX","sector":"information_technology","count":25,"remaining":15}
XA/customs workers.reported {"occurred_on":"@-85","regime":"XA-EXAMPLE","confidence":"alleged","concerning":["XZ"],"host":"XZ","origin":"XX","sector":"information_technology","count":100} as elsewhere
XA/transcriber reply.recorded {"state":"XZ","author":"Foreign ministry of XZ (fictional)","target":"$elsewhere","published_on":"@-70",
  "text":{"text":"Those were students.","language":"en"}}
XA/customs violation.reported {"occurred_on":"@-84","regime":"XA-EXAMPLE","confidence":"alleged","concerning":["XX"],"category":"it_workers",
  "narrative":{"text":"Developers hired through a company in XC, under borrowed names.","language":"en"},"reporter_type":"company"} as hired
XB/treasury joint_venture.reported {"regime":"XA-EXAMPLE","country":"XB","name":"Sample Fishery","deadline":"@-20","parties":[{"kind":"entity","names":[{"text":"Sample Fishery Ltd"}]}]} as fishery
XB/treasury joint_venture.reported {"regime":"XA-EXAMPLE","country":"XB","name":"Placeholder Mining","deadline":"@-20","parties":[{"kind":"entity","names":[{"text":"Placeholder Mining SA"}]}]}
XB/treasury joint_venture.closed {"occurred_on":"@-25","regime":"XA-EXAMPLE","country":"XB","venture":"$fishery","manner":"liquidated","parties":[{"kind":"entity","names":[{"text":"Sample Fishery Ltd"}]}]}
XA/customs travel_ban.enforced {"occurred_on":"@-15","regime":"XA-EXAMPLE","designations":["XA:E.003"],"member":"XA","action":"refused",
  "subject":{"kind":"person","names":[{"text":"Invented Person"}]},"point":{"city":"Example Airport","country":"XA"}}

# Words beside what is recorded: XC disputes a report and closes its dispute when
# XA has answered, XB explains a figure of its own.
XC/coastguard event.disputed {"target":"$hired","grounds":{"text":"The company left XC a year before.","language":"en"}} as objection
XA/customs dispute.answered {"dispute":"$objection","answer":"partly_accepted","text":{"text":"It was a branch of the company.","language":"en"}}
XC/coastguard dispute.closed {"dispute":"$objection","outcome":"resolved","text":{"text":"A branch it was.","language":"en"}}
XB/treasury explanation.given {"figure":"duties.overdue.UN-2397-17-report","text":{"text":"The report waited for its translation.","language":"en"}}
XB/customs explanation.given {"figure":"duties.petroleum_notices","text":{"text":"February's notice went to a wrong address first.","language":"en"}}
