# Reports that the resolutions ask of every state (demo_duties.go), by states that
# stand for nobody. XB is 11 days late with one; XC was given until the end of June
# 2018 for it and never answers, so its silence counts; XC says that it hosts no
# workers, so two duties do not bind it.
XA/customs report.submitted {"obligation":"UN-2397-17-report","member":"XA","submitted_on":"2018-03-15"}
XB/treasury report.submitted {"obligation":"UN-2397-17-report","member":"XB","submitted_on":"2018-04-02"}
XA/transcriber extension.granted {"obligation":"UN-2397-17-report","member":"XC","until":"2018-06-30","reason":{"text":"XC asked for time to count its licences.","language":"en"}}
XA/customs report.submitted {"obligation":"UN-2397-8-midterm","member":"XA","submitted_on":"2019-03-01"}
XA/customs report.submitted {"obligation":"UN-2397-8-final","member":"XA","submitted_on":"2020-03-02"}
XB/treasury report.submitted {"obligation":"UN-2397-8-midterm","member":"XB","submitted_on":"2019-03-22"}
XB/treasury report.submitted {"obligation":"UN-2397-8-final","member":"XB","submitted_on":"2020-03-20"}
XC/coastguard inapplicability.declared {"obligation":"UN-2397-8-midterm","member":"XC","reason":{"text":"It hosted no such workers then.","language":"en"}}
XC/coastguard inapplicability.declared {"obligation":"UN-2397-8-final","member":"XC","reason":{"text":"It hosted no such workers then.","language":"en"}}

# A benchmark of the coalition, no law: a full report within 14 days of each
# inspection. In time, extended, late, overdue, and one that is not due yet.
XA/customs obligation.defined {"obligation":"XA-EXAMPLE-inspection","regime":"XA-EXAMPLE","kind":"benchmark","benchmark":"demo-14-days",
  "title":{"text":"Full report on an inspection","language":"en"},"applies_to":{"who":"named","states":["XA","XB","XC"]},
  "trigger":{"kind":"event","events":["vessel.inspected"]},"due":{"days":14},"recurrence":"none",
  "sections":["grounds","result","cargo","crew"],"source":{"checked":true}}
XA/customs vessel.inspected {"occurred_on":"@-60","regime":"XA-EXAMPLE","vessel":{"kind":"vessel","names":[{"text":"MV SAMPLE WAVE"}]},"flag_claimed":"XX",
  "place":{"city":"Port of Example","country":"XA"},"grounds":{"text":"Papers that contradict each other.","language":"en"},"result":"nothing_found"} as first
XA/customs report.submitted {"obligation":"XA-EXAMPLE-inspection","member":"XA","trigger":"$first","submitted_on":"@-50","completed":["grounds","result","cargo"]}
XC/coastguard vessel.inspected {"occurred_on":"@-50","regime":"XA-EXAMPLE","vessel":{"kind":"vessel","names":[{"text":"MV PLACEHOLDER"}]},"flag_claimed":"XX",
  "place":{"city":"Port of Sample","country":"XC"},"grounds":{"text":"Asked for by XA.","language":"en"},"result":"documents_false"} as second
XA/customs extension.granted {"obligation":"XA-EXAMPLE-inspection","member":"XC","trigger":"$second","until":"@-30","reason":{"text":"The master was in hospital.","language":"en"}}
XC/coastguard report.submitted {"obligation":"XA-EXAMPLE-inspection","member":"XC","trigger":"$second","submitted_on":"@-33","completed":["grounds","result","cargo","crew"]}
XC/coastguard vessel.inspected {"occurred_on":"@-40","regime":"XA-EXAMPLE","vessel":{"kind":"vessel","names":[{"text":"MV IMAGINARY"}]},"flag_claimed":"XY",
  "high_seas":true,"flag_consent":"given","grounds":{"text":"No position signal for two days.","language":"en"},"result":"goods_found"} as third
XC/coastguard report.submitted {"obligation":"XA-EXAMPLE-inspection","member":"XC","trigger":"$third","submitted_on":"@-20","completed":["grounds","result"]}
XB/customs vessel.inspected {"occurred_on":"@-30","regime":"XA-EXAMPLE","vessel":{"kind":"vessel","names":[{"text":"MV SAMPLE WAVE"}]},"flag_claimed":"XX",
  "place":{"city":"Port of Placeholder","country":"XB"},"grounds":{"text":"Routine.","language":"en"},"result":"inconclusive"}
XA/customs vessel.inspected {"occurred_on":"@-5","regime":"XA-EXAMPLE","vessel":{"kind":"vessel","names":[{"text":"MV IMAGINARY"}]},"flag_claimed":"XY",
  "place":{"city":"Port of Example","country":"XA"},"grounds":{"text":"Routine.","language":"en"},"result":"nothing_found"}
