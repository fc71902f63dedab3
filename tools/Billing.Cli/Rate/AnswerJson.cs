using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Billing.Contracts;
using Billing.Rating;

namespace Billing.Tools;

/// <summary>Prints results for programs: one JSON object on standard output.</summary>
internal static class AnswerJson
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
    };

    public static void Write(IReadOnlyList<Answer> answers)
    {
        using var output = Console.OpenStandardOutput();
        JsonSerializer.Serialize(output, new { Cases = answers.Select(Of) }, Web);
        output.WriteByte((byte)'\n');
    }

    private static object Of(Answer answer) => new
    {
        answer.Id,
        Bills = answer.Bills.Count == 0 ? null : answer.Bills.Select(Of),
        Penalty = answer.Penalty is { } penalty ? Of(penalty) : null,
        Suspension = answer.Suspension is { } suspension ? Of(suspension) : null,
        Refused = answer.Refusal,
    };

    private static object Of(RatedBill rated) => rated.Bill is not { } bill
        ? new { Period = Days(rated.Period), Refused = rated.Refusal }
        : new
        {
            Period = Days(rated.Period),
            rated.Currency,
            Lines = rated.Lines.Select(pair => Of(pair.Line, pair.Words)),
            Total = Yuan(bill.Total),
            Net = Yuan(bill.Net),
            Tax = Yuan(bill.Tax),
            bill.Vat,
            Shares = bill.Shares?.Select(share => new
            {
                share.Payer, share.Component, share.Label, Amount = Yuan(share.Amount),
            }),
            Prepaid = Yuan(bill.Prepaid),
            Due = Yuan(bill.Due),
        };

    private static object Of(BillLine line, LineExplanation words) => new
    {
        line.Id,
        Version = line.Version == 0 ? null as int? : line.Version,
        words.Label,
        words.Reason,
        line.Quantity,
        Unit = line.Unit.Symbol(),
        line.Price,
        Factor = line.Factor == 1m ? null as decimal? : line.Factor,
        Times = line.Times == 1 ? null as int? : line.Times,
        Of = line.Of == 1 ? null as int? : line.Of,
        Less = line.Less.IsZero ? null as decimal? : Yuan(line.Less),
        Amount = Yuan(line.Amount),
        words.Formula,
    };

    private static object Of(PenaltyBill penalty) => new
    {
        Lines = penalty.Lines.Select(line => new
        {
            On = Yuan(line.On), line.From, line.To, line.Days, line.Rate, line.Exact,
        }),
        penalty.Exact,
        Amount = Yuan(penalty.Amount),
    };

    private static object Of(SuspensionAnswer answer) => new
    {
        answer.Accepted, answer.LastDay, Season = Days(answer.Season), answer.Terms.Share, answer.Terms.MinimumSeasons,
        NoAction = answer.Terms.NoAction switch
        {
            NoAction.KeepState => "KEEP_STATE",
            NoAction.Stop => "STOP",
            _ => "CONTINUE",
        },
    };

    private static object Days(DateRange days) => new { From = days.First, To = days.Last };

    /// <summary>The amount in yuan, always with two decimals.</summary>
    private static decimal Yuan(Money money) => money.Yuan + 0.00m;
}
