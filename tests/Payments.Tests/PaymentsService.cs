using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Contracts.Customer;
using Billing.Contracts.Invoicing;
using Billing.Platform;
using Billing.Testing;
using Dapper;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Payments.Tests;

/// <summary>
/// The running service, and the ways to speak to it: as a partner over HTTP, and as another service by messages.
/// </summary>
public sealed class PaymentsService : IAsyncLifetime
{
    private readonly MovableClock _clock = new();
    private int _accounts;
    private long _delivered;

    /// <summary>The bank day that runs: the partners of the tests cut at midnight.</summary>
    public static DateOnly Today => TimeProvider.System.Today();

    /// <summary>A bank day so many days from today, as partners write it.</summary>
    public static string Day(int days = 0) => PaymentKey.Text(Today.AddDays(days));

    public Running Running { get; private set; } = null!;

    public HttpClient Http => Running.Http;

    public async Task InitializeAsync()
    {
        Running = await Running.Start(args => Program.Build(args, _clock));
        await Partner("icbc", AmountRule.Any);
        await Partner("exact", AmountRule.Exact);
        await Partner("atleast", AmountRule.AtLeastDue);
    }

    public async Task DisposeAsync() => await Running.DisposeAsync();

    public async Task Partner(
        string code, AmountRule rule = AmountRule.Any, BankEncoding encoding = BankEncoding.Utf8, int lateDays = 31)
    {
        var body = new SavePartnerRequest("工商银行", Channel.Bank, rule, new(0, 0), encoding, lateDays);
        using var answer = await Http.Agree(HttpMethod.Put, $"/partners/{code}", body);
        answer.EnsureSuccessStatusCode();
        // Its first request, before which it is issued a key: streams may be forgotten later.
        using var unknown = await Http.GetAsync(new Uri($"/partners/{code}/bills/9999999999", UriKind.Relative));
        (await unknown.Code()).Should().Be("account-unknown");
    }

    /// <summary>A new account with one invoice for each amount, due one after the other.</summary>
    public async Task<string> Account(params long[] invoices)
    {
        var account = $"{2_000_000_000 + Interlocked.Increment(ref _accounts)}";
        await Tell(new AccountsChanged([Facts.Changed(account)]));
        if (invoices.Length > 0)
            await Tell(new InvoicesIssued([.. invoices.Select((fen, i) =>
                Facts.Issued($"{account}-{i + 1}", fen, due: $"2026-11-{i + 10}", account: account))]));
        return account;
    }

    /// <summary>Publishes messages and waits until every one has had its effect.</summary>
    public async Task Tell(params object[] messages)
    {
        var bus = Running.App.Services.GetRequiredService<IBus>();
        await Task.WhenAll(messages.Select(message => bus.Publish(message, message.GetType())));
        _delivered += messages.Length;
        await Eventually.Is(
            _delivered, () => Scalar<long>("select count(*) from inbox"), "the number of messages applied");
    }

    /// <summary>Lets what is done until the answer is disposed of happen so many days later.</summary>
    public IDisposable Later(int days) => _clock.Later(TimeSpan.FromDays(days));

    /// <summary>Empties the books, so that a test begins with clean ones.</summary>
    public async Task Forget()
    {
        _delivered = 0;
        await Stored.Forget(
            Running.Source,
            "inbox, account, open_charge, account_balance, payment, refund, partner_day, reversal_request, proposal");
    }

    public Task<HttpResponseMessage> Pay(
        string account, string serial, long fen, string partner = "icbc", string? day = null) =>
        Http.PutAsJsonAsync(
            $"/partners/{partner}/payments/{day ?? Day()}/{serial}",
            new ReceivePaymentRequest(AccountNo.Parse(account), new(fen)), Wire.Strict);

    public Task<HttpResponseMessage> Reverse(
        string account, string serial, string? reversedOn = null, string partner = "icbc", string? day = null) =>
        Http.PutAsJsonAsync(
            $"/partners/{partner}/payments/{day ?? Day()}/{serial}/reversal",
            reversedOn is null ? (object)new { account, reason = "冲正" } : new { account, reason = "冲正", reversedOn });

    /// <summary>Refunds, as two people.</summary>
    public Task<HttpResponseMessage> Refund(string account, string refund, long fen) => Http.Agree(
        HttpMethod.Put, $"/refunds/{refund}", Refunding(account, fen));

    public static RefundAdvanceRequest Refunding(string account, long fen) =>
        new(AccountNo.Parse(account), new(fen), "销户");

    public Task<HttpResponseMessage> SendFile(string file, string partner = "icbc", string? day = null) =>
        SendFile(Encoding.UTF8.GetBytes(file), partner, day);

    /// <summary>A partner sends the file of a day when the day is over: that of today, tomorrow.</summary>
    public async Task<HttpResponseMessage> SendFile(byte[] file, string partner = "icbc", string? day = null)
    {
        using var tomorrow = day is null || day == Day() ? Later(1) : null;
        return await SendFileNow(file, partner, day);
    }

    public Task<HttpResponseMessage> SendFileNow(string file, string partner, string day) =>
        SendFileNow(Encoding.UTF8.GetBytes(file), partner, day);

    private async Task<HttpResponseMessage> SendFileNow(byte[] file, string partner, string? day)
    {
        using var content = new ByteArrayContent(file) { Headers = { ContentType = new("text/plain") } };
        return await Http.PostAsync(
            new Uri($"/partners/{partner}/days/{day ?? Day()}/reconciliation", UriKind.Relative), content);
    }

    public Task<HttpResponseMessage> RequestReversal(string request, string payment, string by, string reason = "退单") =>
        Http.As(by, HttpMethod.Put, $"/reversal-requests/{request}", new { payment, reason });

    public async Task<HttpResponseMessage> ApproveReversal(string request, string by) =>
        await Decide(request, by, "approve", new { (await Proposed(request)).Seen });

    /// <summary>Rejects a request; who made it withdraws it.</summary>
    public async Task<HttpResponseMessage> RejectReversal(string request, string by, string reason = "不退")
    {
        var (seen, proposer) = await Proposed(request);
        return proposer == $"user:{by}"
            ? await Decide(request, by, "withdraw", new { reason })
            : await Decide(request, by, "reject", new { seen, reason });
    }

    private Task<HttpResponseMessage> Decide(string request, string by, string what, object body) =>
        Http.As(by, HttpMethod.Post, $"/approvals/reverse-payment/{request}/{what}", body);

    private async Task<(string Seen, string By)> Proposed(string request)
    {
        using var answer = await Http.GetAsync(new Uri($"/approvals/reverse-payment/{request}", UriKind.Relative));
        if (!answer.IsSuccessStatusCode)
            return ("", "");
        var proposal = await answer.Proposal();
        return (proposal.Seen, proposal.ProposedBy);
    }

    public async Task<JsonElement> Get(string path) => await Http.GetFromJsonAsync<JsonElement>(path);

    public async Task<T> Scalar<T>(string sql)
    {
        await using var connection = await Running.Source.OpenConnectionAsync();
        return (await connection.ExecuteScalarAsync<T>(sql))!;
    }
}

/// <summary>The real clock, set forward for a while.</summary>
internal sealed class MovableClock : TimeProvider
{
    private TimeSpan _ahead;

    public IDisposable Later(TimeSpan by)
    {
        _ahead += by;
        return new Back(() => _ahead -= by);
    }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _ahead;

    private sealed class Back(Action back) : IDisposable
    {
        public void Dispose() => back();
    }
}

internal static class Answers
{
    public static async Task<JsonElement> Json(this HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>())!;

    public static async Task<string> Code(this HttpResponseMessage response) =>
        (await response.Json()).GetProperty("code").GetString()!;

    public static long Fen(this JsonElement json, params string[] path) =>
        path.Aggregate(json, (element, name) => element.GetProperty(name)).GetProperty("fen").GetInt64();
}
