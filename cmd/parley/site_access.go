package main

type siteAccessCmd struct {
	remote
	ID    string `arg:"" help:"The site's id."`
	Party string `help:"Whose, where there are several lines." placeholder:"NAME"`
	Last  int    `help:"The newest so many alone." placeholder:"N"`
	CSV   bool   `name:"csv" help:"Print CSV."`
}

// Help shows how it is used.
func (siteAccessCmd) Help() string {
	return `From the audit log: for auditors and supervisors. Who looks at your own sites at the other party's node
is in the log of that node.

Example:

  parley site access clinic-7
`
}

// Run shows the records.
func (c *siteAccessCmd) Run(a *app) error {
	list := auditListCmd{remote: c.remote, Notice: c.ID, Party: c.Party, Last: c.Last, CSV: c.CSV}
	return list.Run(a)
}
