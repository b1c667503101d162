// A certified OpenID provider on this machine, whose people sign in as whom they say they are.
// Arguments: its module, its port, where it sends people back to. An account named `unverified:…` has an address that was
// never proved, one named `other:…` is of another domain.
const [module, port, callback] = process.argv.slice(2);
const { Provider } = await import(module);

const address = (id) => id.replace(/^[a-z]+:/, "");
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: "small-wins", client_secret: "certified/secret", redirect_uris: [callback] }],
  claims: { email: ["email", "email_verified", "hd"] },
  conformIdTokenClaims: false, // addresses stand in the ID token, as with Google and Microsoft
  pkce: { required: () => true },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      email: address(id),
      email_verified: !id.startsWith("unverified:"),
      hd: id.startsWith("other:") ? "elsewhere.example" : "maplerow.example",
    }),
  }),
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
