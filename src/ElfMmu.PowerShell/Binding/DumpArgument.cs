using System.ComponentModel;
using System.Management.Automation;
using ElfMmu.Conversion;
using ElfMmu.Discovery;
using ElfMmu.Dumps;
using ElfMmu.Inspection;
using ElfMmu.Spaces;

namespace ElfMmu.PowerShell.Binding;

/// <summary>
/// What says which dump is meant: a path, a dump that is open already, or an object that says which dump it is of. PowerShell makes it of
/// any of these by <see cref="DumpArgumentConverter"/>.
/// </summary>
[TypeConverter(typeof(DumpArgumentConverter))]
public sealed class DumpArgument
{
    private DumpArgument()
    {
    }

    /// <summary>The path with wildcards; null if it is something else.</summary>
    internal string? Path { get; private init; }

    /// <summary>The full path of a file; null if it is something else.</summary>
    internal string? File { get; private init; }

    /// <summary>The open dump; null if it is something else.</summary>
    internal OpenedDump? Opened { get; private init; }

    /// <summary>Which dump it is, for objects that came out of one; null if it is something else.</summary>
    internal DumpIdentity? Identity { get; private init; }

    /// <summary>A root that a search found in <see cref="Identity"/>; null if it is something else.</summary>
    internal PageTableRoot? Root { get; private init; }

    /// <summary>A space of <see cref="Identity"/>, whose root the dump names itself; null if it is something else.</summary>
    internal SpaceIdentity? Space { get; private init; }

    /// <summary>The object it was made of, or the path: what stays the same as long as the same is meant.</summary>
    internal object Key => Path ?? File ?? Opened ?? Root ?? Space ?? (object)Identity!;

    /// <summary>Makes an argument of what the user gave.</summary>
    /// <exception cref="PSInvalidCastException">It is nothing that says which dump is meant.</exception>
    public static DumpArgument From(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        DumpArgument argument => argument,
        string { Length: > 0 } path => new DumpArgument { Path = path },
        FileSystemInfo file => new DumpArgument { File = file.FullName },
        PathInfo { Provider.Name: "FileSystem" } path => new DumpArgument { File = path.ProviderPath },
        PathInfo path => new DumpArgument { Path = WildcardPattern.Escape(path.Path) },
        OpenedDump dump => new DumpArgument { Opened = dump },
        PageTableRoot root => new DumpArgument { Root = root, Identity = root.Dump },
        DumpRoot root => new DumpArgument { Space = root.Space, Identity = root.Dump },
        ConvertedDump converted => new DumpArgument { File = converted.Path },
        DumpIdentity identity => new DumpArgument { Identity = identity },
        MemoryDumpInfo info => new DumpArgument { Identity = info.Dump },
        null => throw Wrong("nothing"),
        string => throw Wrong("an empty text"),
        var other => throw Wrong($"'{other}' of type {other.GetType().Name}"),
    };

    /// <summary>Opens the dump of an object; not one of a path.</summary>
    /// <param name="isDescribed">Whether the user says how a file is to be opened.</param>
    /// <param name="cancellation">Ends unpacking.</param>
    /// <exception cref="ElfMmuException">
    /// <c>DumpAlreadyDescribed</c>: the object says how already; or what <see cref="OpenedDump.Lease"/> and
    /// <see cref="DumpIdentity.Reopen"/> throw.
    /// </exception>
    internal MemoryDump OpenObject(bool isDescribed, CancellationToken cancellation) => isDescribed
        ? throw new ElfMmuException(
            "DumpAlreadyDescribed",
            ErrorKind.InvalidArgument,
            $"-RamBase, -Machine and -ZeroFill say how a file is to be opened; how '{this}' is was said before. Leave them out, or give its path.")
        { Path = ToString() }
        : Opened?.Lease() ?? Identity!.Reopen(cancellation);

    /// <summary>A request with the root that is given along with the dump, if one is.</summary>
    /// <param name="request">What else is given.</param>
    /// <param name="all">Whether all roots are asked for.</param>
    /// <exception cref="ElfMmuException"><c>RootConflict</c>: another root is asked for as well.</exception>
    internal SpaceRequest Complete(SpaceRequest request, bool all) => Root == null && Space == null ? request
        : request is { Root: null, Mode: null, Cpu: null, NestedRoot: null, NestedMode: null } && !all ? WithRoot(request)
        : throw new ElfMmuException(
            "RootConflict",
            ErrorKind.InvalidArgument,
            $"A root of '{this}' is given, and another one is asked for: by its address, its mode, a CPU, behind a "
            + "hypervisor's tables, or all of them. Ask for one or the other.")
        { Path = ToString() };

    /// <inheritdoc/>
    public override string ToString() => Path ?? File ?? Opened?.Path ?? Identity!.Path;

    private static PSInvalidCastException Wrong(string what) => new(
        $"A dump is named by its path, its file, a dump that Open-MemoryDump opened, what Get-MemoryDump says of one, what Convert-MemoryDump wrote, "
        + $"or a root that Find-PageTableRoot found or a dump names; {what} isn't one of these.");

    /// <summary>The request with the root; what is asked for besides counts.</summary>
    private SpaceRequest WithRoot(SpaceRequest request) => Root != null ? request.With(Root) : Space!.Request with
    {
        Root1 = request.Root1 ?? Space.Request.Root1,
        Control = request.Control ?? Space.Request.Control,
        Registers = Space.Request.Registers.With(request.Registers),
        ByteOrder = request.ByteOrder ?? Space.Request.ByteOrder,
        SupervisorUserAccess = request.SupervisorUserAccess || Space.Request.SupervisorUserAccess,
        ExecutableReadable = request.ExecutableReadable || Space.Request.ExecutableReadable,
    };
}
