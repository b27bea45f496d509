CREATE INDEX names_designation ON names (designation);
CREATE INDEX identifiers_designation ON identifiers (designation);
CREATE INDEX identifiers_value ON identifiers (value);
CREATE INDEX measures_measure ON measures (measure);
CREATE INDEX transpositions_designation ON transpositions (designation, member);
CREATE INDEX links_a ON links (a);
CREATE INDEX links_b ON links (b);
CREATE INDEX designations_un_ref ON designations (un_ref);
