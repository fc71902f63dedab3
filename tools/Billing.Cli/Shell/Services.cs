namespace Billing.Tools;

/// <summary>The services of the instance, each over HTTP, as somebody who prepares and decides nothing.</summary>
internal sealed class Services : IDisposable
{
    private static Access.Signed Signed => new(Access.Here, People.Operator);

    public ServiceClient Customer { get; } = new(Instance.Customer, Signed);

    public ServiceClient Tariff { get; } = new(Instance.Tariff, Signed);

    public ServiceClient Invoicing { get; } = new(Instance.Invoicing, Signed);

    public ServiceClient Payments { get; } = new(Instance.Payments, Signed);

    public ServiceClient Collections { get; } = new(Instance.Collections, Signed);

    public void Dispose()
    {
        Customer.Dispose();
        Tariff.Dispose();
        Invoicing.Dispose();
        Payments.Dispose();
        Collections.Dispose();
    }
}
