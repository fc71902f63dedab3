using System.Net;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Billing.WebConsole;

/// <summary>Who did what in which service, page by page or as a file.</summary>
internal static class AuditPages
{
    public const string Path = "/audit", ExportPath = "/audit/export";
    public const int MostDays = 366;

    private const int Days = 30;

    private static readonly Rejection Invalid = Rejection.Invalid(
        "question-invalid", "A file is of one service, of days in order within 366.") with { Status = 400 };

    private static readonly Rejection Silent = new(
        "service-not-answering", "The service does not answer.", StatusCodes.Status502BadGateway);

    public static void MapAuditPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, Show).Needs(Right.ReadAuditTrail);
        routes.MapGet(ExportPath, Export).Needs(Right.ReadAuditTrail);
    }

    private static async Task<RazorComponentResult<AuditPage>> Show(
        HttpRequest request, Visit visit, AuditPeers audit, TimeProvider clock, CancellationToken cancellation)
    {
        var form = Asked(request, clock);
        var (peers, question) = Read(form);
        var after = AuditView.Read(form["after"]);
        Answer<AuditEntryPage>[] answers = question is null
            ? []
            : await Task.WhenAll(peers.Select(peer => audit.Entries(
                peer, question, after.TryGetValue(peer, out var id) ? id : null, cancellation)));
        var pages = answers.Where(answer => answer.Value is not null)
            .Select(answer => (answer.Peer, answer.Value!)).ToList();
        return new(new
        {
            Visit = visit, Form = form, Question = question, IsFirst = form["after"].Length == 0,
            View = AuditView.Of(pages, after, AuditPeers.PageSize),
            Silent = answers.Where(answer => answer.Value is null).ToList(),
        })
        {
            StatusCode = question is null ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK,
        };
    }

    private static async Task<IResult> Export(
        HttpContext context, AuditPeers audit, TimeProvider clock, CancellationToken cancellation)
    {
        if (Read(Asked(context.Request, clock)) is not ([var peer], { } question))
            return Invalid.ToProblem();
        var response = context.Response;
        var answer = await audit.Export(peer, question, async content =>
        {
            response.ContentType = "text/csv; charset=utf-8";
            response.Headers.ContentDisposition =
                $"attachment; filename=\"audit-{peer.WireName().ToLowerInvariant()}-{question.From:yyyyMMdd}"
                + $"-{question.To:yyyyMMdd}.csv\"";
            await content.CopyToAsync(response.Body, cancellation);
        }, cancellation);
        if (answer.Problem is null)
            return Results.Empty;
        if (!response.HasStarted)
            return (answer.Status is HttpStatusCode.BadRequest ? Invalid : Silent)
                .With($"{answer.Peer} does not answer {answer.Query}: {answer.Problem}").ToProblem();
        // Half a file must not look like a whole one.
        context.Abort();
        return Results.Empty;
    }

    /// <summary>The filters as a person sees them: those of the address, and the last 30 days.</summary>
    private static Form Asked(HttpRequest request, TimeProvider clock)
    {
        var today = clock.Today();
        return new([.. new[]
        {
            ("service", ""), ("from", Language.Day(today.AddDays(-Days))), ("to", Language.Day(today)), ("actor", ""),
            ("operation", ""), ("target", ""), ("kind", ""), ("after", ""),
        }.Select(field => (field.Item1, (string[])[
            $"{request.Query[field.Item1]}" is { Length: > 0 } given ? given : field.Item2]))]);
    }

    /// <summary>Whom to ask what; no question when the filters make none.</summary>
    private static (IReadOnlyList<Peer> Peers, AuditQuestion? Question) Read(Form form)
    {
        IReadOnlyList<Peer> peers = form["service"].Length == 0 ? Enum.GetValues<Peer>()
            : WireNames.TryParse<Peer>(form["service"], out var one) ? [one] : [];
        AuditKind? kind = WireNames.TryParse<AuditKind>(form["kind"], out var named) ? named : null;
        var isQuestion = peers.Count > 0 && (kind is not null || form["kind"].Length == 0)
            && form.Day("to")?.DayNumber - form.Day("from")?.DayNumber is >= 0 and < MostDays;
        return (peers, isQuestion
            ? new(
                form.Day("from")!.Value, form.Day("to")!.Value, form["actor"], form["operation"], form["target"], kind)
            : null);
    }
}
