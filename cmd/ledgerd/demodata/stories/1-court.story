# XA lists a company, a ship, a person and a group on its own authority. The
# company goes to court: the listing is annulled from its first day on, but the
# ruling waits 60 days for an appeal that nobody files. What is free all the same
# is permitted: by the committee that keeps the list, by XB itself, by the law.

XA/customs designation.adopted {"designation":"XA:E.001","regime":"XA-EXAMPLE","authority":"XA","list_ref":"E.001","adopted_on":"@-300",
  "measures":["asset_freeze"],"subject":{"kind":"entity","names":[{"text":"Example Harbour Trading Ltd","kind":"primary","script":"Latn"}]}}
XA/customs designation.adopted {"designation":"XA:E.002","regime":"XA-EXAMPLE","authority":"XA","list_ref":"E.002","adopted_on":"@-75",
  "measures":["asset_freeze","port_entry_ban"],"subject":{"kind":"vessel","names":[{"text":"MV EXAMPLE DUSK","kind":"primary","script":"Latn"}],
  "identifiers":[{"scheme":"imo","value":"2000004"}]}}
XA/customs designation.adopted {"designation":"XA:E.003","regime":"XA-EXAMPLE","authority":"XA","list_ref":"E.003","adopted_on":"@-250",
  "measures":["asset_freeze","travel_ban"],"subject":{"kind":"person","names":[{"text":"Invented Person","kind":"primary","script":"Latn"}],
  "birth_dates":[{"type":"exact","date":"1970-01-01"}]}}
XA/customs designation.adopted {"designation":"XA:E.004","regime":"XA-EXAMPLE","authority":"XA","list_ref":"E.004","adopted_on":"@-140",
  "measures":["asset_freeze"],"subject":{"kind":"entity","names":[{"text":"Fictional Keyboard Group","kind":"primary","script":"Latn"}]}}

XA/customs challenge.filed {"member":"XA","designation":"XA:E.001","court":"Example Court of XA","case_number":"E 1/1","seeks":"annulment",
  "filed_on":"@-260","applicant":{"kind":"entity","names":[{"text":"Example Harbour Trading Ltd"}]}} as challenge
XA/customs court.ruled {"member":"XA","designation":"XA:E.001","court":"Example Court of XA","case_number":"E 1/1","challenge":"$challenge",
  "relief":"annulled","decided_on":"@-100","effective_from":"@-300","stayed_until":"@-40","stayed_pending_appeal":true,
  "grounds":{"text":"No reasons were given to the company.","language":"en"}} as ruling
XA/customs stay.ended {"ruling":"$ruling","ended_on":"@-40","cause":"no_appeal"}

XB/treasury exemption.granted {"occurred_on":"@-60","regime":"XA-EXAMPLE","designations":["XA:E.003"],"member":"XB","committee_ref":"EX-HUM-1",
  "scope":{"text":"Medicine for the household of the person listed.","language":"en"},"ground":"humanitarian","measures":["asset_freeze"],
  "beneficiary":{"kind":"person","names":[{"text":"Invented Person"}]},"value_limit":{"amount":"12000","currency":"EUR"},
  "valid_from":"@-60","valid_to":"@+300","case":"EXAMPLE-RELIEF"}
XB/treasury case.opened {"occurred_on":"@-29","regime":"XA-EXAMPLE","case":"EXAMPLE-RELIEF","title":{"text":"Payment to a pharmacy","language":"en"}}
XB/treasury violation.reported {"occurred_on":"@-30","regime":"XA-EXAMPLE","designations":["XA:E.003"],"category":"asset_freeze_evasion",
  "measures":["asset_freeze"],"narrative":{"text":"A bank paid a pharmacy from a frozen account; the exemption covers it.","language":"en"},
  "place":{"country":"XB"},"reporter_type":"bank","confidence":"confirmed","case":"EXAMPLE-RELIEF"}
XB/treasury case.closed {"occurred_on":"@-28","case":"EXAMPLE-RELIEF","outcome":"unsubstantiated","text":{"text":"The exemption covers it.","language":"en"}}
XB/treasury licence.granted {"occurred_on":"@-80","regime":"XA-EXAMPLE","designations":["XA:E.004"],"member":"XB","licence":"XB-17",
  "scope":{"text":"Fees of counsel.","language":"en"},"ground":"legal_fees","measures":["asset_freeze"],
  "value_limit":{"amount":"8000","currency":"EUR"},"valid_from":"@-80","valid_to":"@+200"}
XB/treasury licence.refused {"occurred_on":"@-78","regime":"XA-EXAMPLE","designations":["XA:E.004"],"member":"XB",
  "scope":{"text":"Rent of an office.","language":"en"},"ground":"prior_contract","reason":{"text":"The contract is younger than the listing.","language":"en"}}
XC/coastguard exception.relied_on {"occurred_on":"@-20","regime":"XA-EXAMPLE","designations":["XA:E.002"],"ground":"safety",
  "legal_basis":[{"instrument":"Example Sanctions Act","paragraph":"12"}],"activity":{"text":"A tug towed the ship away from a reef.","language":"en"}}
