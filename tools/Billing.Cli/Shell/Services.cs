namespace Billing.Tools;

/// <summary>The services of the instance, each over HTTP.</summary>
internal sealed class Services : IDisposable
{
    public ServiceClient Customer { get; } = new(Instance.Customer);

    public ServiceClient Tariff { get; } = new(Instance.Tariff);

    public ServiceClient Invoicing { get; } = new(Instance.Invoicing);

    public ServiceClient Payments { get; } = new(Instance.Payments);

    public ServiceClient Collections { get; } = new(Instance.Collections);

    public void Dispose()
    {
        Customer.Dispose();
        Tariff.Dispose();
        Invoicing.Dispose();
        Payments.Dispose();
        Collections.Dispose();
    }
}
