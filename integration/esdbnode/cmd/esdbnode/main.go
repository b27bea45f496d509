// Command esdbnode runs the test node of package esdbnode: it speaks
// EventStoreDB's gRPC protocol and is not EventStoreDB.
//
//	esdbnode --listen 127.0.0.1:2113 --data /var/lib/esdbnode
//
// It prints the connection string when it listens, and ends on SIGINT or
// SIGTERM. Exit codes: 0 ended as told, 1 failed, 2 wrong usage.
package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/coalition-ledger/coalition-ledger/integration/esdbnode"
)

type cli struct {
	Listen   string `default:"127.0.0.1:2113" env:"ESDBNODE_LISTEN" help:"Address to serve gRPC and /health/live at."`
	Data     string `env:"ESDBNODE_DATA" help:"Folder to keep events in. In memory without."`
	TLSCert  string `name:"tls-cert" env:"ESDBNODE_TLS_CERT" type:"existingfile" help:"Certificate, PEM. Plain text without."`
	TLSKey   string `name:"tls-key" env:"ESDBNODE_TLS_KEY" type:"existingfile" help:"Key of the certificate, PEM."`
	User     string `env:"ESDBNODE_USER" help:"The one user, who may do everything. Without, everybody may."`
	Password string `env:"ESDBNODE_PASSWORD" help:"The user's password."`
}

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c cli
	parser, err := kong.New(&c, kong.Name("esdbnode"),
		kong.Description("A test node that speaks EventStoreDB's gRPC protocol. It is not EventStoreDB."), kong.Writers(stdout, stderr))
	if err != nil {
		fmt.Fprintln(stderr, "esdbnode:", err)
		return 2
	}
	if _, err := parser.Parse(args); err != nil {
		fmt.Fprintln(stderr, "esdbnode:", err)
		return 2
	}
	if err := c.serve(ctx, stdout); err != nil {
		fmt.Fprintln(stderr, "esdbnode:", err)
		return 1
	}
	return 0
}

func (c *cli) serve(ctx context.Context, stdout io.Writer) error {
	opts, err := c.options()
	if err != nil {
		return err
	}
	node, err := esdbnode.Start(opts)
	if err != nil {
		return err
	}
	fmt.Fprintln(stdout, node.ConnectionString())
	<-ctx.Done()
	return node.Close()
}

func (c *cli) options() (esdbnode.Options, error) {
	opts := esdbnode.Options{Listen: c.Listen, Dir: c.Data}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return opts, errors.New("--tls-cert and --tls-key belong together: give both or none")
	}
	if c.User != "" && c.TLSCert == "" {
		return opts, errors.New("--user needs --tls-cert and --tls-key: clients send no password in plain text")
	}
	if c.TLSCert != "" {
		pair, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey)
		if err != nil {
			return opts, fmt.Errorf("read certificate: %w", err)
		}
		opts.TLS = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	}
	if c.User != "" {
		opts.Users = []esdbnode.User{{Name: c.User, Password: c.Password, Groups: []string{esdbnode.Admins}}}
	}
	return opts, nil
}
