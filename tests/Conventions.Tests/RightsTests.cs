using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.Contracts;
using FluentAssertions;

namespace Billing.Conventions.Tests;

/// <summary>
/// Who may do what: the right of every operation, as its service describes it (tests/Fuzz.Tests holds the description
/// to the service), and the rights of every role.
/// </summary>
public sealed class RightsTests
{
    private const string Page = "docs/rights.md";

    /// <summary>What two people must do: nobody gets both by one role.</summary>
    private static readonly (Right First, Right Second)[] TwoPeople =
    [
        (Right.DraftPlan, Right.PublishPlan), (Right.FreezeRun, Right.PostRun),
        (Right.RequestReversal, Right.ApproveReversal), (Right.ReceivePayment, Right.ApproveReversal),
        (Right.SavePartner, Right.ApproveReversal), (Right.SavePartner, Right.RefundAdvance),
        (Right.ProposePosting, Right.PostRun), (Right.RefundAdvance, Right.ApproveRefund),
        (Right.CreditInvoice, Right.ApproveCredit), (Right.SavePartner, Right.ApprovePartner),
        (Right.SavePartner, Right.ApproveRefund), (Right.ChangeLimits, Right.ApproveLimits),
    ];

    [Fact]
    public void Every_operation_needs_a_right_and_every_right_an_operation()
    {
        Operations().Should().HaveCountGreaterThan(50);
        Rule.Holds(
            from operation in Operations()
            where operation.Right is null
            select operation.Where,
            "Nobody may call it: add RequireRight(Right.X) where it is mapped.");
        Rule.Holds(
            Enum.GetNames<Right>().Except(Operations().Select(operation => operation.Right)).Select(name => name!),
            "No operation needs this right: remove it from contracts/Vocabulary/Right.cs and contracts/roles.json.");
    }

    [Fact]
    public void Every_role_consists_of_rights_and_every_right_is_in_a_role()
    {
        Roles().Select(role => role.Code).Should().OnlyHaveUniqueItems().And.HaveCountGreaterThan(12);
        Rule.Holds(
            from role in Roles()
            from right in role.Rights
            where !Enum.TryParse<Right>(right, out _)
            select $"{role.Code}: {right}",
            "contracts/roles.json grants a right that does not exist.");
        Rule.Holds(
            Enum.GetNames<Right>().Except(Roles().SelectMany(role => role.Rights)),
            "No role of contracts/roles.json has this right.");
    }

    [Fact]
    public void What_two_people_must_do_nobody_does_by_one_role() => Rule.Holds(
        from role in Roles()
        from pair in TwoPeople
        where role.Rights.Contains($"{pair.First}") && role.Rights.Contains($"{pair.Second}")
        select $"{role.Code}: {pair.First} and {pair.Second}",
        "Give them to different roles.");

    [Fact]
    public void The_page_of_rights_is_what_services_and_roles_say()
    {
        var said = Describe();
        if (Environment.GetEnvironmentVariable("UPDATE_SCHEMAS") == "1")
            File.WriteAllText(Path.Combine(Tree.Root, Page), said);
        Tree.Text(Page).Should().Be(
            said, $"{Page} is generated: UPDATE_SCHEMAS=1 ./billing test tests/Conventions.Tests");
    }

    private static string Describe()
    {
        var page = new StringBuilder("""
            # Rights and roles

            Generated from the services' own descriptions (`contracts/openapi`) and from `contracts/roles.json`; a test
            holds it to them. What a right means stands on its name in `contracts/Vocabulary/Right.cs`. An operation
            without a right is refused to everybody.

            ## Operations

            Who sees a part of the organisation (some regions or projects): *same* for everybody, *own* where the answer
            is limited to it, *own account* and the like where what the path names must belong to it; else refused.

            | service | operation | right | of a part |
            |---|---|---|---|

            """);
        foreach (var operation in Operations())
            page.Append($"| {operation.Service} | `{operation.Where}` | {operation.Right} | {operation.Scope} |\n");
        page.Append("\n## Roles\n\n| role | 中文 | rights |\n|---|---|---|\n");
        foreach (var role in Roles())
            page.Append($"| {role.Code} | {role.NameZh} | {string.Join(", ", role.Rights)} |\n");
        return page.ToString();
    }

    private static IEnumerable<(string Service, string Where, string? Right, string Scope)> Operations() =>
        from file in Tree.Files
        where file.StartsWith("contracts/openapi/", StringComparison.Ordinal)
        let paths = JsonNode.Parse(Tree.Text(file))!["paths"]!.AsObject()
        from path in paths
        from method in path.Value!.AsObject()
        select (
            Path.GetFileNameWithoutExtension(file), $"{method.Key.ToUpperInvariant()} {path.Key}",
            (string?)method.Value!["x-right"],
            (string?)method.Value!["x-scope"] switch
            {
                null => "",
                "everything" => "same",
                "filtered" => "own",
                var named => $"own {named}",
            });

    private static IEnumerable<(string Code, string NameZh, string[] Rights)> Roles() =>
        JsonElement.Parse(Tree.Text("contracts/roles.json")).GetProperty("roles").EnumerateArray().Select(role => (
            role.GetProperty("code").GetString()!, role.GetProperty("name").GetProperty("zh").GetString()!,
            role.GetProperty("rights").EnumerateArray().Select(right => right.GetString()!).ToArray()));
}
