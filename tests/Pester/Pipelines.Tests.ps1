# Pipelines across the cmdlets: what one emits the next one takes, without anything being said twice. What the sample's processes hold is
# known (samples/README.md), so what comes out at the end is compared with that.

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $WarningPreference = 'SilentlyContinue'
    $sample = Get-SampleDump
    $dump = Open-MemoryDump $sample
    $folder = (New-Item -ItemType Directory "$TestDrive/work").FullName
    $processes = 0x904000ul, 0x942000ul, 0x958000ul, 0x96e000ul
    $regions = Get-SampleRegion
    Push-Location $folder

    # What a region has at an address of it.
    function Get-Word($Region, [ulong]$Address) {
        (($Region.TagStart + ($Address - $Region.Start)) -band 0xfffffffffffful) -bxor ($Region.Tag -shl 48)
    }

    function Get-Region([string]$Kind) {
        $regions | Where-Object Kind -EQ $Kind
    }
}

AfterAll {
    Close-MemoryDump $dump
    Pop-Location
}

Describe 'From a dump to cores' {
    It 'goes the same way with an opened dump as with a path' {
        $dump | Find-PageTableRoot | Where-Object Root -In $processes | Get-PageTableMapping -Privilege User |
            Export-ElfCore -Path { 'opened-{0:x}.elf' -f $_.Root } -Privilege User
        $sample | Find-PageTableRoot | Where-Object Root -In $processes | Get-PageTableMapping -Privilege User |
            Export-ElfCore -Path { 'path-{0:x}.elf' -f $_.Root } -Privilege User
        foreach ($root in $processes) {
            Get-Hash ('opened-{0:x}.elf' -f $root) | Should -Be (Get-Hash ('path-{0:x}.elf' -f $root))
        }
    }

    It 'opens, finds, walks, and closes in one line' {
        $opened = Open-MemoryDump $sample
        $opened | Find-PageTableRoot -Top 1 | Get-PageTableMapping -Rights wx | ForEach-Object { Close-MemoryDump $opened; $_ } |
            Export-ElfCore wx.elf -PassThru | Should -Exist
        $opened.IsClosed | Should -BeTrue
    }
}

Describe 'From a mapping to everybody who has it' {
    It 'finds the processes that share memory, and reads the same in each' {
        $shared = Get-Region 'shared-with-workers'
        $places = Get-PageTableMapping $dump -MinimumAddress $shared.Start -MaximumAddress ($shared.Start + $shared.Size - 1) |
            Resolve-PhysicalAddress -AllRoots | Where-Object UserRights -NE '---'
        $places.Root | Sort-Object -Unique | Should -Be $processes
        $values = $places | Read-VirtualMemory -Type u64 | Sort-Object -Unique
        $values | Should -Be (Get-PageTableMapping $dump -MinimumAddress $shared.Start -MaximumAddress ($shared.Start + $shared.Size - 1) |
                ForEach-Object { Get-Word $shared $_.VirtualAddress } | Sort-Object -Unique)
    }

    It 'finds the alias of a page that can''t be written' {
        $writable, $readable = (Get-Region 'memfd-alias-rw'), (Get-Region 'memfd-alias-ro')
        $names = Get-PageTableMapping $dump -Privilege User -MinimumAddress $readable.Start -MaximumAddress $readable.Start |
            Resolve-PhysicalAddress | Where-Object UserRights -NE '---'
        $names.VirtualAddress | Sort-Object | Should -Be $writable.Start, $readable.Start
        $names | Get-PageTableMapping -Rights w -Privilege User | Where-Object VirtualAddress -EQ $writable.Start | Should -Not -BeNullOrEmpty
    }

    It 'finds what is writable and executable, and who writes it in other words' {
        $both = Get-Region 'private-rwx'
        Get-PageTableMapping $dump -Privilege User -Rights wx | Resolve-PhysicalAddress -AllRoots |
            Read-VirtualMemory -Type u64 -WithAddress | Group-Object Value | ForEach-Object { [ulong]$_.Name } | Sort-Object |
            Should -Be (Get-PageTableMapping $dump -Privilege User -Rights wx | ForEach-Object { Get-Word $both $_.VirtualAddress } | Sort-Object)
    }
}

Describe 'From a difference to the bytes' {
    It 'reads on both sides what two processes have at the same address' {
        $first, $second = Find-PageTableRoot $dump | Where-Object Root -In $processes[0, 1] | Sort-Object Root
        $changes = Compare-PageTableMapping $first $second -Privilege User | Where-Object SideIndicator -EQ '<>'
        $changes | Should -Not -BeNullOrEmpty
        foreach ($change in $changes | Select-Object -First 5) {
            $before = Get-PageTableMapping -Space $change.BeforeSpace -MinimumAddress $change.VirtualAddress -MaximumAddress $change.VirtualAddress
            $after = Get-PageTableMapping -Space $change.AfterSpace -MinimumAddress $change.VirtualAddress -MaximumAddress $change.VirtualAddress
            $before.PhysicalAddress | Should -Be $change.BeforePhysicalAddress
            $after.PhysicalAddress | Should -Be $change.AfterPhysicalAddress
            ($before | Read-VirtualMemory -Length 64)[0] | Should -Be (Read-VirtualMemory $dump $change.BeforePhysicalAddress -Physical -Length 64)[0]
        }
    }

    It 'exports what only one process has' {
        $first, $second = Find-PageTableRoot $dump | Where-Object Root -In $processes[0, 1] | Sort-Object Root
        $only = Compare-PageTableMapping $first $second -Privilege User | Where-Object SideIndicator -EQ '<='
        $starts = [Collections.Generic.HashSet[ulong]]::new([ulong[]]$only.VirtualAddress)
        $first | Get-PageTableMapping -Privilege User | Where-Object { $starts.Contains($_.VirtualAddress) } |
            Export-ElfCore only.elf -Privilege User
        $loads = Read-ElfLoad "$folder/only.elf"
        $region = Get-Region 'high-va'
        $pieces = @(Read-CorePiece "$folder/only.elf" $loads $region.Start $region.Size)
        $pieces | Should -Not -BeNullOrEmpty
        $pieces | ForEach-Object { Find-PatternBreak $_ $region } | Should -BeNullOrEmpty
    }
}

Describe 'From a find to everything about it' {
    It 'reads what was found, as Format-Hex takes it' {
        $shown = Search-VirtualMemory $dump -Text 'Linux version' -Privilege Supervisor | Select-Object -First 2 |
            Read-VirtualMemory -Length 32 | Format-Hex
        $shown.Ascii | Where-Object { $_ -like 'Linux version *' } | Should -HaveCount 2
    }

    It 'finds the processes that have it' {
        $word = Get-Word (Get-Region 'shared-with-workers') (Get-Region 'shared-with-workers').Start
        $hits = Search-VirtualMemory $dump -AllRoots -Privilege User -Value $word -Type u64
        $hits.Root | Sort-Object -Unique | Should -Be $processes
        # One frame, so one physical address and as many virtual ones as processes.
        ($hits | Resolve-VirtualAddress).PhysicalAddress | Sort-Object -Unique | Should -HaveCount 1
        $hits | Read-VirtualMemory -Type u64 | Sort-Object -Unique | Should -Be $word
    }

    It 'finds the other name of a page' {
        $writable, $readable = (Get-Region 'memfd-alias-rw'), (Get-Region 'memfd-alias-ro')
        $names = Search-VirtualMemory $dump -Privilege User -Value (Get-Word $writable $writable.Start) -Type u64 -MaximumCount 1 |
            Resolve-VirtualAddress | Resolve-PhysicalAddress | Where-Object UserRights -NE '---' | Sort-Object VirtualAddress
        $names.VirtualAddress | Should -Be $writable.Start, $readable.Start
        $names.UserRights | Should -Be 'rw-', 'r--'
    }

    It 'shows the entry that maps it, and the bytes of the entry' {
        $region = Get-Region 'private-rwx'
        $entry = Search-VirtualMemory $dump -Privilege User -Value (Get-Word $region $region.Start) -Type u64 |
            Resolve-VirtualAddress -Trace | Select-Object -Last 1
        $entry.UserRights | Should -Be 'rwx'
        Read-VirtualMemory $dump $entry.EntryAddress -Physical -Type u64 | Should -Be $entry.Value
        (Get-PageTableMapping $dump -MinimumAddress $region.Start -MaximumAddress $region.Start).PhysicalAddress | Should -Be $entry.Target
        $entry.EntryAddress | Resolve-PhysicalAddress $dump | Read-VirtualMemory -Type u64 | Select-Object -Unique | Should -Be $entry.Value
    }

    It 'goes from a difference between processes to who has what is different' {
        $region = Get-Region 'high-va'
        $first, $second = Find-PageTableRoot $dump | Where-Object Root -In $processes[0, 1] | Sort-Object Root
        $who = Compare-PageTableMapping $first $second -Privilege User | Where-Object SideIndicator -EQ '<=' |
            Search-VirtualMemory -Value (Get-Word $region $region.Start) -Type u64 |
            Resolve-PhysicalAddress -AllRoots | Where-Object UserRights -NE '---'
        $who | Should -HaveCount 1
        $who.Root | Should -Be $first.Root
        $who.VirtualAddress | Should -Be $region.Start
    }
}

Describe 'From the top of the tables to a page' {
    It 'goes down to the leaf that a translation ends at' {
        $region = Get-Region 'private-rx'
        $leaf = Get-PageTable $dump | Where-Object { $_.VirtualAddress -le $region.Start -and $region.Start - $_.VirtualAddress -lt $_.Size } |
            Get-PageTable | Where-Object { $_.VirtualAddress -le $region.Start -and $region.Start - $_.VirtualAddress -lt $_.Size } |
            Get-PageTable | Where-Object { $_.VirtualAddress -le $region.Start -and $region.Start - $_.VirtualAddress -lt $_.Size } |
            Get-PageTable | Where-Object VirtualAddress -EQ $region.Start
        $leaf.Kind | Should -Be 'Leaf'
        $leaf.Target | Should -Be (Resolve-VirtualAddress $dump $region.Start).PhysicalAddress
        $leaf | Read-VirtualMemory -Type u64 | Should -Be (Get-Word $region $region.Start)
    }

    It 'sees the same kernel in every process' {
        $halves = Find-PageTableRoot $dump | Where-Object Root -In $processes | Get-PageTable | Where-Object Index -GE 256 | Group-Object Root
        $halves | Should -HaveCount 4
        $halves | ForEach-Object { $_.Group.Target -join ' ' } | Sort-Object -Unique | Should -HaveCount 1
    }
}

Describe 'From executables to their bytes' {
    BeforeAll {
        $images = Find-PageTableRoot $dump | Where-Object Root -EQ 0x8f2000 | Find-MappedImage -Privilege User | Where-Object Kind -EQ Elf
    }

    It 'writes each as a core that begins with its header' {
        $images | Should -Not -BeNullOrEmpty
        $files = $images | Export-ElfCore -Path { 'image-{0:x}.core' -f $_.Address } -PassThru
        $files | Should -HaveCount @($images).Count
        foreach ($image in $images) {
            $core = '{0}/image-{1:x}.core' -f $folder, $image.Address
            $piece = @(Read-CorePiece $core (Read-ElfLoad $core) $image.Address 4)
            $piece[0].Bytes | Should -Be 0x7f, 0x45, 0x4c, 0x46
        }
    }

    It 'searches in each, and translates what is found' {
        $calls = $images | Search-VirtualMemory -Bytes '0f 05' -Rights x -Privilege User -MaximumCount 4 | Resolve-VirtualAddress
        $calls | Should -Not -BeNullOrEmpty
        $calls.UserRights | Sort-Object -Unique | Should -Be 'r-x'
        foreach ($call in $calls) {
            @($images | Where-Object { $call.VirtualAddress -ge $_.Address -and $call.VirtualAddress - $_.Address -lt $_.Size }) | Should -HaveCount 1
        }

        $calls | Read-VirtualMemory -Length 2 | ForEach-Object { [Convert]::ToHexString($_) } | Sort-Object -Unique | Should -Be '0F05'
    }
}

Describe 'A pipeline' {
    It 'opens a packed dump once, however many cmdlets it has' -Skip:(-not $IsLinux) {
        $packed = "$repository/samples/linux-x64-tiny.elf.gz"
        $open = [Collections.Generic.List[int]]::new()
        $count = { @([IO.File]::ReadAllLines('/proc/self/maps') -match 'elfmmu-.*\.tmp').Count }
        $before = & $count
        Find-PageTableRoot $packed -Top 1 | ForEach-Object { $open.Add((& $count)); $_ } |
            Get-PageTableMapping -Rights wx | ForEach-Object { $open.Add((& $count)); $_ } |
            Resolve-PhysicalAddress -AllRoots | ForEach-Object { $open.Add((& $count)); $_ } |
            Read-VirtualMemory -Length 8 | ForEach-Object { $open.Add((& $count)) }
        $open | Sort-Object -Unique | Should -Be ($before + 1)
        & $count | Should -Be $before
    }

    It 'lets everything go when it ends early' {
        $path = New-SmallDump "$folder/early.bin"
        Get-PageTableMapping $path -Root 0x1000 -Mode ia32e | Resolve-VirtualAddress | Resolve-PhysicalAddress | Read-VirtualMemory -Length 8 |
            Select-Object -First 1 | Should -HaveCount 1
        [IO.File]::Open($path, 'Open', 'ReadWrite', 'None').Dispose()
    }
}

Describe 'The cookbook of README.md' {
    BeforeDiscovery {
        $text = [IO.File]::ReadAllText([IO.Path]::GetFullPath("$PSScriptRoot/../../README.md"))
        $section = [regex]::Match($text, '(?ms)^## Cookbook\s*$(.*?)(?=^## )').Groups[1].Value
        $recipes = foreach ($match in [regex]::Matches($section, '(?m)^([^ \r\n][^\r\n]*:)\r?\n\r?\n((?:    [^\r\n]*\r?\n)+)')) {
            # Dumps of other machines and lists of a kernel's symbols aren't at hand here.
            if ($match.Groups[2].Value -notmatch 'board\.elf|phone\.elf|host\.elf|System\.map') {
                @{ Title = $match.Groups[1].Value; Code = $match.Groups[2].Value }
            }
        }
    }

    It '<Title>' -ForEach $recipes {
        $work = (New-Item -ItemType Directory "$TestDrive/$([guid]::NewGuid())").FullName
        foreach ($name in 'x.elf', 'x.bin', 'before.elf', 'after.elf') {
            Copy-Item $sample "$work/$name"
        }

        Get-ChildItem "$PSHOME/*ative.so" | Select-Object -First 1 | Copy-Item -Destination "$work/library.so"
        New-RawSample $work
        $shell = [powershell]::Create()
        try {
            # A recipe may go on with the dump that the one before opened.
            $null = $shell.AddScript('param($module, $folder) Import-Module $module; Set-Location -LiteralPath $folder; $d = Open-MemoryDump x.bin').
                AddArgument($modulePath).AddArgument($work).AddStatement().AddScript($Code).AddCommand('Out-String')
            $null = $shell.Invoke()
            $shell.Streams.Error | ForEach-Object { "$($_.FullyQualifiedErrorId): $_" } | Should -BeNullOrEmpty -Because $Code
        }
        finally {
            $shell.Dispose()
            Remove-Item -LiteralPath $work -Recurse -Force
        }
    }
}
