using System.Management.Automation;

namespace ElfMmu.PowerShell.Binding;

/// <summary>Lets a parameter of ranges of addresses take every way of saying them. See <see cref="RangeConverter"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RangeTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Whether one address means this address alone.</summary>
    public bool TakesAddress { get; init; }

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        try
        {
            return RangeConverter.Convert(inputData, TakesAddress).ToArray();
        }
        catch (ElfMmuException e)
        {
            throw new ArgumentTransformationMetadataException(e.Message, e);
        }
    }
}
