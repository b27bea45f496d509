# An exchange in XA is robbed over the network. XB traces the coins to a wallet of
# the group that XA lists, freezes the dollars that they were sold for, which are not back, and returns coins.
XA/customs cyber_theft.reported {"occurred_on":"@-150","regime":"XA-EXAMPLE","confidence":"probable","concerning":["XX"],"method":"social_engineering",
  "victim":{"kind":"entity","names":[{"text":"Example Exchange (fictional)"}]},"actor":{"kind":"entity","names":[{"text":"Fictional Keyboard Group"}]},"actor_id":"XA:E.004",
  "amounts":[{"amount":"1500000","currency":"USD"}],"assets":[{"amount":"420.5","asset":"ETH"}],"tx_hashes":["0xexample01"],
  "wallets":[{"address":"0xexamplewallet01","chain":"ETH"}],"case":"EXAMPLE-COINS",
  "evidence":[{"sha256":"3bae80ac607f5d4e9cb2f613a4d5e6f7c8b9aa9b827364554637282930313233","media_type":"text/csv","held_by":"XB/treasury"}]} as theft
XA/customs case.opened {"occurred_on":"@-149","regime":"XA-EXAMPLE","case":"EXAMPLE-COINS","members":["XB"],"title":{"text":"Coins of the Example Exchange","language":"en"}}
XB/treasury wallet.attributed {"occurred_on":"@-130","regime":"XA-EXAMPLE","confidence":"probable","address":"0xexamplewallet02","chain":"ETH","subject":"XA:E.004",
  "reasons":["four hops from 0xexamplewallet01, without a mixer"],"case":"EXAMPLE-COINS"}
XB/treasury asset.frozen {"occurred_on":"@-120","regime":"XA-EXAMPLE","designations":["XA:E.004"],"asset_kind":"crypto","institution":"Example Custodian (fictional)",
  "holder":{"kind":"entity","names":[{"text":"Fictional Keyboard Group"}]},"amount":{"amount":"400000","currency":"USD"},"case":"EXAMPLE-COINS"}
XB/treasury transaction.rejected {"occurred_on":"@-119","regime":"XA-EXAMPLE","designations":["XA:E.004"],"institution":"Example Bank (fictional)",
  "amount":{"amount":"25000","currency":"USD"},"reason":"The payer is listed.","case":"EXAMPLE-COINS"}
XB/treasury cyber_theft.recovered {"occurred_on":"@-100","regime":"XA-EXAMPLE","confidence":"confirmed","theft":"$theft","how":"frozen",
  "amounts":[{"amount":"400000","currency":"USD"}],"case":"EXAMPLE-COINS"}
XB/treasury cyber_theft.recovered {"occurred_on":"@-95","regime":"XA-EXAMPLE","confidence":"confirmed","theft":"$theft","how":"returned",
  "returned_to":{"kind":"entity","names":[{"text":"Example Exchange (fictional)"}]},"assets":[{"amount":"110.25","asset":"ETH"}],"case":"EXAMPLE-COINS"}
