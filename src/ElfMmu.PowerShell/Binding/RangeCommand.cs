using System.Management.Automation;
using ElfMmu.Dumps;
using ElfMmu.Intervals;
using ElfMmu.Spaces;

namespace ElfMmu.PowerShell.Binding;

/// <summary>
/// A cmdlet that looks through address spaces, or through the ranges of them that objects of the pipeline have. A whole space is looked
/// through once, however many objects of it come.
/// </summary>
public abstract class RangeCommand : SpaceCommand
{
    private readonly HashSet<(SpaceIdentity Space, SpaceRequest Request)> _whole = [];

    /// <summary>The object of the pipeline.</summary>
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>Whether the object of the pipeline is something in a space, and not what names the dump.</summary>
    private protected bool HasObject => InputObject != null && (ParameterSetName == SpaceSet || IsDumpNamed);

    private protected override DumpIdentity? DumpOfObject => PipelineObject.DumpOf(InputObject);

    /// <summary>Does something in each range of an address space that the parameters mean; the ranges have no tags.</summary>
    private protected void ForEachRange(Action<AddressSpace, Interval> work) => ForEachSpace(space =>
    {
        if (PipelineObject.RangeOf(InputObject, out bool isEmpty) is { } range)
        {
            work(space, space.Untag(range));
        }
        else if (!isEmpty)
        {
            CheckObject();
            if (!HasObject && ParameterSetName != SpaceSet || _whole.Add((space.Identity, space.Identity.Request)))
            {
                work(space, Interval.FromStartAndLast(0, ulong.MaxValue));
            }
        }
    });

    /// <summary>Beside a dump that is named an object has to say where in it.</summary>
    private void CheckObject()
    {
        if (ParameterSetName != SpaceSet && HasObject && PipelineObject.AddressOf(InputObject) == null)
        {
            throw new ElfMmuException(
                "RangeMissing",
                ErrorKind.InvalidArgument,
                $"'{InputObject}' has no VirtualAddress and Size, so that it is no range of the dump that is named. Pipe objects that have both, "
                + "or leave the pipeline out to take the whole space.");
        }
    }
}
