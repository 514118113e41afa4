using System.Management.Automation;
using ElfMmu.Intervals;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.PowerShell.Binding;
using ElfMmu.Spaces;

namespace ElfMmu.PowerShell.Commands;

/// <summary>Fuses intervals that touch and agree.</summary>
[Cmdlet(VerbsData.Compress, "Interval")]
[OutputType(typeof(PageTableMapping), typeof(AddressInterval))]
public sealed class CompressIntervalCommand : CancellableCmdlet
{
    // Where intervals come from and their rights become numbers for the engine, and on the way out what they were.
    private readonly Numbering<object> _groups = new();
    private readonly Numbering<IntervalRights> _rights = new();
    private FuseBuilder<IntervalTag, IntervalTagMerger>? _builder;
    private StreamingFuser<IntervalTag, IntervalTagMerger>? _stream;

    /// <summary>The intervals.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>What must agree, beside that the intervals touch.</summary>
    [Parameter(Position = 0)]
    public FuseBy By { get; set; } = FuseBy.Target | FuseBy.Rights;

    /// <summary>The input is sorted by start: emit as soon as can be, in constant memory.</summary>
    [Parameter]
    public SwitchParameter Sorted { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (Sorted)
        {
            _stream = new(By);
        }
        else
        {
            _builder = new(By);
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (PSObject item in InputObject)
        {
            try
            {
                Add(ToFuseItem(item));
            }
            catch (ElfMmuException e) when (e.ErrorId != "IntervalNotSorted")
            {
                WriteError(ErrorRecords.From(e, item));
            }
            catch (ElfMmuException e)
            {
                ThrowTerminatingError(ErrorRecords.From(e, item));
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var sink = new ObjectSink(this);
        if (_builder != null)
        {
            foreach (FuseItem<IntervalTag> item in _builder.ToArray())
            {
                sink.Emit(item);
            }
        }
        else
        {
            _stream!.Complete(ref sink);
        }
    }

    private void Add(in FuseItem<IntervalTag> item)
    {
        if (_builder != null)
        {
            _builder.Add(item);
        }
        else
        {
            var sink = new ObjectSink(this);
            _stream!.Add(item, ref sink);
        }
    }

    private FuseItem<IntervalTag> ToFuseItem(PSObject item)
    {
        if (item.BaseObject is PageTableMapping mapping)
        {
            MappingAttributes attributes = mapping.AsMapping().Attributes;
            return new FuseItem<IntervalTag>(
                Interval.FromStartAndSize(mapping.VirtualAddress, mapping.Size),
                mapping.PhysicalAddress,
                Rights(new IntervalRights(null, HasTarget: true, attributes.RightsKey, mapping.Kind)),
                _groups.NumberOf(mapping.Space),
                new IntervalTag(1, attributes));
        }

        IntervalProperties properties = IntervalProperties.Read(item);
        Interval interval = properties.Size is { } size
            ? Interval.FromStartAndSize(properties.Start, size)
            : Interval.FromBounds(properties.Start, properties.End!.Value);
        return new FuseItem<IntervalTag>(
            interval,
            properties.Target ?? properties.Start,
            Rights(new IntervalRights(properties.Rights, properties.Target != null, 0, RegionKind.Absent)),
            _groups.NumberOf(properties.Group ?? ""),
            new IntervalTag(1, default));
    }

    private ulong Rights(in IntervalRights rights) => (ulong)_rights.NumberOf(rights);

    private object ToObject(in FuseItem<IntervalTag> item)
    {
        IntervalRights rights = _rights[(int)item.Rights];
        if (_groups[item.Group] is SpaceIdentity space && By == (FuseBy.Target | FuseBy.Rights))
        {
            return new PageTableMapping(
                new Mapping(item.Interval.Start, item.Interval.Size, item.Target, item.Tag.Attributes, rights.Kind), space);
        }

        bool byRights = (By & FuseBy.Rights) != 0;
        return new AddressInterval
        {
            Start = item.Interval.Start,
            End = item.Interval.End,
            Size = item.Interval.Size,
            Target = (By & FuseBy.Target) != 0 && rights.HasTarget ? item.Target : null,
            Rights = !byRights ? null
                : _groups[item.Group] is SpaceIdentity
                    ? $"{RightsFormat.Format(item.Tag.Attributes.Supervisor)} {RightsFormat.Format(item.Tag.Attributes.User)} {rights.Kind}"
                : rights.Words,
            Count = item.Tag.Count,
        };
    }

    /// <summary>The rights of an interval: a mapping's by their bits, any other's by their words.</summary>
    private readonly record struct IntervalRights(string? Words, bool HasTarget, uint Key, RegionKind Kind);

    private readonly struct ObjectSink(CompressIntervalCommand command) : IFuseSink<IntervalTag>
    {
        public void Emit(in FuseItem<IntervalTag> item) => command.WriteObject(command.ToObject(item));
    }
}
