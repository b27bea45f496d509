# Each line also runs by hand.
GOLANGCI = github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

.PHONY: run test lint race bench fuzz
run:
	go run ./cmd/ledgerd demo
test:
	go test ./...
lint:
	go run $(GOLANGCI) run ./...
race:
	go test -short -race ./...
bench:
	go test -run '^$$' -bench 'Submit' -benchtime 20000x ./ledger
	go test -run '^$$' -bench 'Rebuild' ./projections
	go test -run '^$$' -bench 'Digest' -benchtime 3x ./projections -events 1000000
	go test -run '^$$' -bench 'VerifyArchive' -benchtime 1x -timeout 30m ./ledger/archive -events 1000000
	go test -run '^$$' -bench 'Receipts/clients=1$$' -benchtime 200x ./integration
	go test -run '^$$' -bench 'Receipts/clients=1024' -benchtime 20000x ./integration
	go test -run '^$$' -bench 'Wire|Replicas' -benchtime 20000x ./integration
	go test -run '^$$' -bench 'Replay' ./ledger/eventstore/esdb
fuzz:
	go test -run '^$$' -fuzz FuzzParse -fuzztime 30s ./ledger/seal
	go test -run '^$$' -fuzz FuzzDecode -fuzztime 30s ./domain
