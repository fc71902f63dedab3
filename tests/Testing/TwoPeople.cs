using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Billing.Contracts.Api;
using Billing.Platform;

namespace Billing.Testing;

/// <summary>Acts that take two people, done by two: one asks, and another one approves what that one saw.</summary>
public static class TwoPeople
{
    /// <summary>Who asks, unless a test says otherwise.</summary>
    public const string Proposer = "user:wang";

    /// <summary>Who approves, unless a test says otherwise.</summary>
    public const string Approver = "user:zhang";

    private const string Program = "client:";

    /// <summary>
    /// Sends a request and approves the proposal that it makes, if it makes one; the answer is the last one.
    /// </summary>
    public static async Task<HttpResponseMessage> Agree(
        this HttpClient http, HttpMethod method, string path, object? body = null, string proposer = Proposer,
        string approver = Approver)
    {
        ArgumentNullException.ThrowIfNull(http);
        var asked = await http.As(proposer, method, path, body);
        if (asked.StatusCode != HttpStatusCode.Accepted)
            return asked;
        using (asked)
            return await http.Approve(await asked.Proposal(), approver, Origin(path));
    }

    /// <summary>Approves a proposal as it was read.</summary>
    public static Task<HttpResponseMessage> Approve(
        this HttpClient http, ProposalDetails proposal, string approver = Approver, string origin = "")
    {
        ArgumentNullException.ThrowIfNull(proposal);
        return http.As(
            approver, HttpMethod.Post, $"{origin}/approvals/{proposal.Kind}/{proposal.Key}/approve",
            new ApproveProposalRequest(proposal.Seen));
    }

    /// <summary>The proposal in an answer.</summary>
    public static async Task<ProposalDetails> Proposal(this HttpResponseMessage answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<ProposalDetails>(Wire.Stored))!;
    }

    /// <summary>What a proposal changes, as it becomes.</summary>
    public static string? After(this ProposalDetails proposal, string what)
    {
        ArgumentNullException.ThrowIfNull(proposal);
        return proposal.Changes.Single(change => change.What == what).After;
    }

    /// <summary>Sends a request in somebody's name; the body is a JSON document or something to be written as
    /// one.</summary>
    public static async Task<HttpResponseMessage> As(
        this HttpClient http, string actor, HttpMethod method, string path, object? body = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        using var request = new HttpRequestMessage(
            method, new Uri(path, Origin(path).Length > 0 ? UriKind.Absolute : UriKind.Relative))
        {
            Content = body switch
            {
                null => null,
                JsonElement json => JsonContent.Create(json),
                _ => JsonContent.Create(body, body.GetType(), options: Wire.Strict),
            },
        };
        return await http.SendAsync(actor.StartsWith(Program, StringComparison.Ordinal)
            ? request.With(TestTokens.OfProgram(actor[Program.Length..]))
            : request.As(actor));
    }

    /// <summary>The address of the service in a path that has one.</summary>
    private static string Origin(string path) => path.StartsWith("http", StringComparison.Ordinal)
        ? new Uri(path).GetLeftPart(UriPartial.Authority)
        : "";
}
