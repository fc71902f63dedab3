using System.CommandLine;
using System.Text;

namespace Billing.Tools;

/// <summary>
/// <c>partner</c>: sends one request as a partner of the instance, signed, as <c>curl</c> cannot; prints the answer.
/// </summary>
internal static class PartnerCommand
{
    public static Command Create()
    {
        var partner = new Argument<string>("partner") { Description = "its code, such as icbc" };
        var method = new Argument<string>("method") { Description = "GET, PUT or POST" };
        var path = new Argument<string>("path") { Description = "such as /partner/v1/bills/1000000001" };
        var body = new Argument<string?>("body")
        {
            Description = "a JSON document, or @FILE for a file of a bank day", Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("partner", "Sends one signed request as a partner.") { partner, method, path, body };
        command.SetAction(async (arguments, cancellation) => await Send(
            arguments.GetValue(partner)!, arguments.GetValue(method)!, arguments.GetValue(path)!,
            arguments.GetValue(body), cancellation));
        return command;
    }

    private static async Task<int> Send(
        string partner, string method, string path, string? body, CancellationToken cancellation)
    {
        if (!path.StartsWith('/') || !Uri.TryCreate(Instance.Partners, path, out var address))
            throw new Failure($"'{path}' is no path; it begins with /partner/v1/.");
        using var services = new Services();
        var signer = await PartnerKeys.Signer(services.Payments, partner, cancellation);
        signer.InnerHandler = new SocketsHttpHandler();
        using var http = new HttpClient(signer);
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), address);
        request.Content = body switch
        {
            null => null,
            ['@', .. var file] => new ByteArrayContent(await File.ReadAllBytesAsync(file, cancellation))
            {
                Headers = { ContentType = new("text/plain") },
            },
            _ => new StringContent(body, Encoding.UTF8, "application/json"),
        };
        using var answer = await http.SendAsync(request, cancellation);
        Console.WriteLine(await answer.Content.ReadAsStringAsync(cancellation));
        return answer.IsSuccessStatusCode ? 0 : 1;
    }
}
