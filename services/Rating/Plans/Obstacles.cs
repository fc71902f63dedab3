namespace Billing.Rating;

/// <summary>The obstacles of a plan: terms that a billing run cannot bill.</summary>
public sealed partial class PlanDocument
{
    /// <summary>
    /// The currency of every invoice: money is whole fen (docs/adr/0004), and some currencies have no hundredths, such
    /// as the yen.
    /// </summary>
    public const string InvoiceCurrency = "CNY";

    /// <summary>
    /// The terms that a billing run cannot bill without facts it does not have, each with its path; empty when the plan
    /// may be published. A plan with obstacles can be drafted, and rated with facts from elsewhere.
    /// </summary>
    public IReadOnlyList<PlanError> Obstacles { get; }

    private PlanError[] FindObstacles()
    {
        var found = new List<PlanError>();
        if (Currency != InvoiceCurrency)
            found.Add(new("$.currency", $"is {Currency}: invoices are in {InvoiceCurrency}"));
        for (var i = 0; i < _components.Length; i++)
        {
            if (_components[i].Obstacle(this) is var (member, message))
                found.Add(new($"$.components[{i}].{member}", message));
        }
        return [.. found];
    }
}
