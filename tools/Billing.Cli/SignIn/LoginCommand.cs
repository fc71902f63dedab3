using System.CommandLine;

namespace Billing.Tools;

/// <summary><c>login</c>, <c>logout</c>, <c>token</c> and <c>code</c>: for whom commands act.</summary>
internal static class LoginCommand
{
    private static readonly Argument<string> Who = new("who")
    {
        Description = "a user of the instance, such as operator",
        DefaultValueFactory = _ => People.Operator,
    };

    public static IEnumerable<Command> All() => [Login(), Logout(), Token(), Code()];

    private static Command Login()
    {
        var command = new Command(
            "login", "Signs you in: commands then act in your name, with your rights, until you log out.");
        command.SetAction(async (_, cancellation) =>
        {
            using var issuer = new TokenClient(Instance.Identity);
            var code = await issuer.Begin(cancellation);
            Console.WriteLine($"Open {code.VerificationUri} in a browser, sign in, and enter the code");
            Console.WriteLine();
            Console.WriteLine($"    {code.UserCode}");
            Console.WriteLine();
            Console.WriteLine($"It is good for {code.ExpiresIn / 60} minutes. Waiting …");
            var until = TimeProvider.System.GetUtcNow().AddSeconds(code.ExpiresIn);
            while (TimeProvider.System.GetUtcNow() < until)
            {
                await Task.Delay(TimeSpan.FromSeconds(code.Interval), cancellation);
                if (await issuer.Poll(code, cancellation) is not { } session)
                    continue;
                new SessionFiles(Instance.Sessions).Write(Access.Me, session);
                Console.WriteLine("Signed in. Commands act in your name now; ./billing logout ends it.");
                return 0;
            }
            throw new Failure("The code has expired; begin again.");
        });
        return command;
    }

    private static Command Logout()
    {
        var command = new Command("logout", "Forgets who signed in.");
        command.SetAction(_ =>
        {
            var files = new SessionFiles(Instance.Sessions);
            Console.WriteLine(files.Has(Access.Me) ? "Signed out." : "Nobody was signed in.");
            files.Delete(Access.Me);
        });
        return command;
    }

    private static Command Token()
    {
        var command = new Command("token", "Prints an access token for a request by hand; it is good for some seconds.")
        {
            Who,
        };
        command.SetAction(async (arguments, cancellation) =>
            Console.WriteLine(await Access.Here.Token(arguments.GetValue(Who)!, cancellation)));
        return command;
    }

    private static Command Code()
    {
        var command = new Command(
            "code", "Prints name, password and present code with which a user of the instance signs in.") { Who };
        command.SetAction(arguments =>
        {
            var who = arguments.GetValue(Who)!;
            var people = People.Read(Instance.People)
                ?? throw new Failure("This instance has no people of its own.");
            if (!people.Secrets.TryGetValue(who, out var secret))
                throw new Failure($"There is no '{who}'; there are {string.Join(", ", people.Secrets.Keys.Order())}.");
            Console.WriteLine($"user      {who}");
            Console.WriteLine($"password  {people.Password}");
            if (secret is not null)
                Console.WriteLine($"code      {people.Code(who)}");
        });
        return command;
    }
}
