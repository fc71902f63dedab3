global using FluentAssertions;
global using Xunit;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Billing.Contracts;
using Billing.Contracts.Invoicing;
using Billing.Contracts.Payments;
using Billing.Testing;
using Dapper;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Collections.Tests;

internal static class Day
{
    public static DateOnly Of(string text) => DateOnly.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>Public facts as other services would tell them; every one is an event of its own.</summary>
internal sealed class Facts
{
    private int _events;

    public InvoiceIssued Invoice(
        string invoice, string account, long fen, string due = "2026-10-20", string issued = "2026-10-01",
        Utility utility = Utility.Electricity, string period = "2026-09", string project = "阳光花园",
        CustomerClass @class = CustomerClass.Residential) => new(
        InvoiceNo.Parse(invoice), AccountNo.Parse(account), utility, BillingPeriod.Parse(period), Region.Parse("海淀区"),
        Project.Parse(project), @class, new(fen), Day.Of(issued), Day.Of(due), Origin());

    public CreditIssued Credit(string note, string invoice, string account, long fen) => new(
        CreditNoteNo.Parse(note), InvoiceNo.Parse(invoice), AccountNo.Parse(account), new(fen), "抄表差错",
        Day.Of("2026-10-10"), Origin());

    public PaymentReceived Payment(string account, string paid, long advance, params (string Invoice, long Fen)[] parts)
    {
        var origin = Origin();
        return new(
            PaymentId.Parse($"icbc-20261015-{origin.Sequence}"), AccountNo.Parse(account),
            new(parts.Sum(part => part.Fen) + advance), Channel.Bank, PartnerCode.Parse("icbc"),
            Day.Of(paid), ReceiptNo.Parse($"R{origin.Sequence}"), Allocations(parts), new(advance), origin);
    }

    public PaymentReversed Reversal(string account, string on, long advance, params (string Invoice, long Fen)[] parts)
    {
        var origin = Origin();
        return new(
            PaymentId.Parse($"icbc-20261015-{origin.Sequence}"), AccountNo.Parse(account),
            new(-parts.Sum(part => part.Fen) - advance), Channel.Bank, PartnerCode.Parse("icbc"),
            Day.Of(on), "冲正", Allocations(parts), new(advance), origin);
    }

    public AdvanceApplied Applied(string account, params (string Invoice, long Fen)[] parts) => new(
        AccountNo.Parse(account), Allocations(parts), new(-parts.Sum(part => part.Fen)), Origin());

    public AdvanceRefunded Refund(string account, long fen)
    {
        var origin = Origin();
        return new(
            RefundNo.Parse($"refund-{origin.Sequence}"), AccountNo.Parse(account), new(fen), Day.Of("2026-10-16"),
            "销户", [],
            new(-fen), origin);
    }

    private static Allocation[] Allocations((string Invoice, long Fen)[] parts) =>
        [.. parts.Select(part => new Allocation(InvoiceNo.Parse(part.Invoice), new(part.Fen)))];

    private Origin Origin()
    {
        var n = ++_events;
        var id = new Guid(n, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7);
        return new(id, n, 1, new DateTimeOffset(2026, 10, 15, 8, 0, 0, TimeSpan.Zero).AddSeconds(n));
    }
}

/// <summary>The running service, and a way to tell it facts and wait until they are in the books.</summary>
public sealed class Books : IAsyncLifetime
{
    private long _delivered;

    public Running Running { get; private set; } = null!;

    public HttpClient Http => Running.Http;

    public async Task InitializeAsync() => Running = await Running.Start(Program.Build);

    public async Task DisposeAsync() => await Running.DisposeAsync();

    /// <summary>Publishes messages and waits until every one has had its effect.</summary>
    public async Task Tell(params object[] messages)
    {
        var bus = Running.App.Services.GetRequiredService<IBus>();
        await Task.WhenAll(messages.Select(message => bus.Publish(message, message.GetType())));
        _delivered += messages.Length;
        await Eventually.Is(
            _delivered, () => Scalar<long>("select count(*) from inbox"), "the number of messages applied");
    }

    /// <summary>Empties every table, so that a test begins with clean books.</summary>
    public async Task Forget()
    {
        _delivered = 0;
        await Stored.Forget(
            Running.Source, "inbox, receivable, credit, allocation, advance, account_advance, heard, standing");
    }

    public async Task<T> Scalar<T>(string sql)
    {
        await using var connection = await Running.Source.OpenConnectionAsync();
        return (await connection.ExecuteScalarAsync<T>(sql))!;
    }

    public async Task<JsonElement> Get(string path) => await Http.GetFromJsonAsync<JsonElement>(path);
}
