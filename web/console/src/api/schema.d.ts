// Generated from docs/api/edge.openapi.json by `npm run generate`: do not edit.

export interface paths {
    "/api/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log In
         * @description Start a session: the cookie is HttpOnly, and no other site can use it.
         */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log Out
         * @description End the session, wherever its token was copied to. Without a session nothing happens.
         */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Me
         * @description Who asks.
         */
        get: operations["me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Box Status
         * @description The box as its console shows it: city, connection to the hub, disk, outbox, time.
         */
        get: operations["status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/alarms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Alarms
         * @description What is wrong at the box now: disk, clock, database, cameras; those of recording stay for a day.
         */
        get: operations["alarms"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cameras": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Cameras
         * @description Every camera of the box in the order of their names, with its state now.
         */
        get: operations["cameras"];
        put?: never;
        /**
         * Add Camera
         * @description Record a camera from now on; the hub adopts it when there is a connection.
         */
        post: operations["addCamera"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cameras/removed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Removed Cameras
         * @description Cameras that the box no longer has, as long as their footage is there, in the order of their names.
         *
         *     Timeline, playback, thumbnails and clips work with their ids; live video does not.
         */
        get: operations["removedCameras"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cameras/{camera_id}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Timeline
         * @description Recorded spans and plate marks of a period, from the index alone.
         */
        get: operations["timeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cameras/{camera_id}/live.m3u8": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Live
         * @description The tail of the recording as a live HLS playlist.
         */
        get: operations["livePlaylist"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cameras/{camera_id}/playback.m3u8": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Playback
         * @description The recording of a period. A player's reloads of one period are one entry in the audit trail.
         */
        get: operations["playbackPlaylist"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cameras/{camera_id}/codecs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Codecs
         * @description What a browser must be able to decode to play a period, as MediaSource.isTypeSupported takes it.
         */
        get: operations["codecs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cameras/{camera_id}/thumbnail.jpg": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Thumbnail
         * @description The picture of the keyframe at or before an instant; 404 where nothing is recorded.
         */
        get: operations["thumbnail"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cameras/{camera_id}/segments/{segment_id}.mp4": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Segment
         * @description Bytes of one recording file; a closed range is required (RFC 9110, 14.2).
         */
        get: operations["segment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/plate-reads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Plate Reads
         * @description Newest first. `plate` is a whole plate, in either Brazilian spelling, a part of one, or a pattern
         *     (`?` one character, `*` any number); `tolerant` also finds what OCR confuses with it. With a plate,
         *     `purpose` says why it is looked for. A list that is asked for again and again is one entry in the
         *     audit trail.
         */
        get: operations["plateReads"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/plate-reads/{read_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Plate Read
         * @description One read, as somebody opens it.
         */
        get: operations["plateRead"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/plate-reads/{read_id}/image": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Image
         * @description The picture that the camera sent with a read.
         */
        get: operations["plateReadImage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/watchlist-hits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Watchlist Hits
         * @description Those that nobody has acknowledged, also from when no console was open; none for masked roles.
         */
        get: operations["watchlistHits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/watchlist-hits/seen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Acknowledge
         * @description The person has seen these hits: they leave every console, and the audit trail says who saw them.
         *
         *     Any role may: guards are visualizadores. What is not open any more is no error.
         */
        post: operations["acknowledgeHits"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/discovery": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Discover
         * @description Cameras on the local network, or at an address or subnet. Takes some seconds.
         */
        post: operations["discover"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/discovery/device": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask Device
         * @description What one camera says of itself by ONVIF.
         */
        post: operations["askDevice"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cameras/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Test Camera
         * @description Open a stream, watch it for some seconds, and say what it is like.
         */
        post: operations["testCamera"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cameras/local": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Local Cameras
         * @description Cameras added here that the hub has not adopted.
         */
        get: operations["localCameras"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cameras/{camera_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove Camera
         * @description Remove a camera that was added here and is not the hub's yet. Its footage stays its time.
         */
        delete: operations["removeCamera"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/clips": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Clips
         * @description Newest first.
         */
        get: operations["clips"];
        put?: never;
        /**
         * Order Clip
         * @description Order a clip of one or several cameras; it is made in the background.
         */
        post: operations["orderClip"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/clips/{clip_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One Clip
         * @description One clip with its progress.
         */
        get: operations["clip"];
        put?: never;
        post?: never;
        /**
         * Delete Clip
         * @description Delete a clip: one's own, or, as gestor or admin, anybody's.
         */
        delete: operations["deleteClip"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/clips/{clip_id}/download": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download
         * @description The clip's ZIP; a Range continues a download that broke off (RFC 9110, 14).
         */
        get: operations["downloadClip"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/clips/{clip_id}/files/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download File
         * @description One video of a clip, out of its ZIP; a Range continues a download that broke off (RFC 9110, 14).
         */
        get: operations["downloadClipFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/holds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Holds
         * @description Newest first; those of clips are with their clips.
         */
        get: operations["holds"];
        put?: never;
        /**
         * Hold
         * @description Keep a camera's footage of a period past its plan, which takes disk from all the rest.
         */
        post: operations["hold"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/holds/{hold_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Release Hold
         * @description Let the footage go; what is past its plan is deleted with the next sweep.
         */
        delete: operations["releaseHold"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Is the box doing its work?
         * @description Recorder workers alive, database writable, disk above its floor, clock plausible.
         *
         *     Needs no login and says nothing of anybody; the verdict is a few seconds old at most.
         */
        get: operations["healthz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Figures for Prometheus
         * @description For who asks on the box itself, or shows the token of `identity/metrics.token`.
         */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cameras/{camera_id}/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Live
         * @description WHEP and HLS addresses of a camera, with a key that lives for a minute after its last use.
         */
        get: operations["live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/live/{token}/{camera_id}/{quality}/whep": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Whep Offer
         * @description Watch by WebRTC: an SDP offer in, an SDP answer out (draft-ietf-wish-whep).
         */
        post: operations["whepOffer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/live/{token}/{camera_id}/{quality}/whep/{resource_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Whep Hang Up
         * @description Stop watching. Needs no token, which may have died meanwhile: the id is a secret of the viewer.
         */
        delete: operations["whepHangUp"];
        options?: never;
        head?: never;
        /**
         * Whep Trickle
         * @description More ICE candidates of the browser: not needed, it reaches the box's own candidates by itself.
         */
        patch: operations["whepTrickle"];
        trace?: never;
    };
    "/live/{token}/{camera_id}/adaptive.m3u8": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Adaptive Playlist
         * @description Main and sub stream as variants of one HLS presentation.
         */
        get: operations["liveAdaptive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/live/{token}/{camera_id}/{quality}/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Hls File
         * @description A playlist or a media file of the HLS presentation.
         */
        get: operations["liveHls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cameras/{camera_id}/playback/whep": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Offer
         * @description Play from `start`: an SDP offer with one video and the data channel `control` in, an answer out.
         */
        post: operations["playbackWhep"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cameras/{camera_id}/playback/whep/{resource_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Hang Up
         * @description Stop playing.
         */
        delete: operations["playbackHangUp"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Events
         * @description WebSocket (RFC 6455). After the upgrade the box sends one JSON text message for each event, `type` first; the client sends nothing. The session is the cookie; a browser must come from the console's own origin. Close codes: 1008, the session ended; 1013, the client was too slow: ask for the whole picture and connect again. Nothing is kept for who is not connected.
         */
        get: operations["events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Alarm
         * @description What somebody should look at now.
         * @example {
         *       "text": "Praça da Matriz: sem sinal há 5 minutos.",
         *       "since": "2026-01-31T12:10:00Z"
         *     }
         */
        Alarm: {
            /**
             * Text
             * @description For people, in Portuguese
             */
            text: string;
            /**
             * Since
             * @description When it came true last, or a camera sent its last picture; null: nobody knows
             */
            since: string | null;
        };
        /**
         * BoxStatus
         * @example {
         *       "city_name": "São Bento",
         *       "timezone": "America/Sao_Paulo",
         *       "node": "caixa-01",
         *       "online_with_hub": true,
         *       "disk_free_bytes": 1200000000000,
         *       "disk_total_bytes": 4000000000000,
         *       "outbox_depth": 0,
         *       "now": "2026-01-31T12:10:00Z"
         *     }
         */
        BoxStatus: {
            /** City Name */
            city_name: string;
            /**
             * Timezone
             * @example America/Sao_Paulo
             */
            timezone: string;
            /** Node */
            node: string;
            /** Online With Hub */
            online_with_hub: boolean;
            /** Disk Free Bytes */
            disk_free_bytes: number;
            /** Disk Total Bytes */
            disk_total_bytes: number;
            /**
             * Outbox Depth
             * @description Events that the hub has not confirmed yet
             */
            outbox_depth: number;
            /**
             * Now
             * Format: date-time
             */
            now: string;
        };
        /**
         * Camera
         * @example {
         *       "id": "0f8fad5b-d9cb-469f-a165-70867728950e",
         *       "name": "Praça da Matriz",
         *       "state": "online",
         *       "fps": 25,
         *       "bitrate_bps": 4012000,
         *       "last_packet_at": "2026-01-31T12:09:59.960000Z",
         *       "reason": "",
         *       "fault": "camera",
         *       "video_codec": "h264",
         *       "audio_codec": "aac",
         *       "width": 1920,
         *       "height": 1080,
         *       "gop_s": 2,
         *       "reconnects": 1,
         *       "clock_drift_ms": -12,
         *       "packets_lost": 0
         *     }
         */
        Camera: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /**
             * State
             * @enum {string}
             */
            state: "connecting" | "online" | "offline";
            /** Fps */
            fps: number;
            /** Bitrate Bps */
            bitrate_bps: number;
            /** Last Packet At */
            last_packet_at: string | null;
            /**
             * Reason
             * @description Why it is not recorded, or what is wrong while it is; for people
             */
            reason: string;
            /**
             * Fault
             * @description Where the reason lies: with the camera and its network, or with the box's disk
             * @enum {string}
             */
            fault: "camera" | "disk";
            /**
             * Video Codec
             * @description Empty until the stream was read
             * @example h264
             */
            video_codec: string;
            /**
             * Audio Codec
             * @description Empty where no sound is known
             * @example aac
             */
            audio_codec: string;
            /** Width */
            width: number;
            /** Height */
            height: number;
            /**
             * Gop S
             * @description Seconds between the last two keyframes
             */
            gop_s: number | null;
            /**
             * Reconnects
             * @description Connections after the first, since the recorder began
             */
            reconnects: number;
            /**
             * Clock Drift Ms
             * @description The box's clock minus the camera's since the stream began
             */
            clock_drift_ms: number | null;
            /**
             * Packets Lost
             * @description RTP packets that never came, since the recorder began
             */
            packets_lost: number;
        };
        /**
         * CameraRef
         * @example {
         *       "id": "0f8fad5b-d9cb-469f-a165-70867728950e",
         *       "name": "Praça da Matriz"
         *     }
         */
        CameraRef: {
            /** Id */
            id: string;
            /** Name */
            name: string;
        };
        /**
         * ClipFileOut
         * @example {
         *       "name": "praca-da-matriz-20260131-120000.mp4",
         *       "camera": {
         *         "id": "0f8fad5b-d9cb-469f-a165-70867728950e",
         *         "name": "Praça da Matriz"
         *       },
         *       "start": "2026-01-31T12:00:00Z",
         *       "end": "2026-01-31T12:05:00Z",
         *       "size_bytes": 75120344,
         *       "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
         *       "download_url": "/api/clips/3f2504e04f8941d39a0c0305e82c3301/files/praca-da-matriz-20260131-120000.mp4"
         *     }
         */
        ClipFileOut: {
            /** Name */
            name: string;
            camera: components["schemas"]["CameraRef"];
            /**
             * Start
             * Format: date-time
             */
            start: string;
            /**
             * End
             * Format: date-time
             */
            end: string;
            /** Size Bytes */
            size_bytes: number;
            /** Sha256 */
            sha256: string;
            /** Download Url */
            download_url: string | null;
        };
        /**
         * ClipOrder
         * @description What to cut; `reason` goes into the signed manifest.
         * @example {
         *       "spans": [
         *         {
         *           "camera": "0f8fad5b-d9cb-469f-a165-70867728950e",
         *           "start": "2026-01-31T12:00:00Z",
         *           "end": "2026-01-31T12:05:00Z"
         *         }
         *       ],
         *       "reason": "Boletim de ocorrência 123/2026"
         *     }
         */
        ClipOrder: {
            /** Spans */
            spans: components["schemas"]["SpanIn"][];
            /**
             * Reason
             * @example Boletim de ocorrência 123/2026
             */
            reason: string;
        };
        /**
         * ClipOut
         * @example {
         *       "id": "3f2504e04f8941d39a0c0305e82c3301",
         *       "created": "2026-01-31T14:10:00Z",
         *       "requester": "vigia",
         *       "reason": "Boletim de ocorrência 123/2026",
         *       "state": "done",
         *       "progress": 1,
         *       "error": "",
         *       "spans": [
         *         {
         *           "camera": {
         *             "id": "0f8fad5b-d9cb-469f-a165-70867728950e",
         *             "name": "Praça da Matriz"
         *           },
         *           "start": "2026-01-31T12:00:00Z",
         *           "end": "2026-01-31T12:05:00Z"
         *         }
         *       ],
         *       "gaps": [],
         *       "files": [
         *         {
         *           "name": "praca-da-matriz-20260131-120000.mp4",
         *           "camera": {
         *             "id": "0f8fad5b-d9cb-469f-a165-70867728950e",
         *             "name": "Praça da Matriz"
         *           },
         *           "start": "2026-01-31T12:00:00Z",
         *           "end": "2026-01-31T12:05:00Z",
         *           "size_bytes": 75120344,
         *           "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
         *           "download_url": "/api/clips/3f2504e04f8941d39a0c0305e82c3301/files/praca-da-matriz-20260131-120000.mp4"
         *         }
         *       ],
         *       "size_bytes": 75131002,
         *       "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
         *       "download_url": "/api/clips/3f2504e04f8941d39a0c0305e82c3301/download",
         *       "may_delete": true
         *     }
         */
        ClipOut: {
            /** Id */
            id: string;
            /**
             * Created
             * Format: date-time
             */
            created: string;
            /** Requester */
            requester: string;
            /** Reason */
            reason: string;
            /**
             * State
             * @enum {string}
             */
            state: "queued" | "running" | "done" | "failed";
            /** Progress */
            progress: number;
            /** Error */
            error: string;
            /** Spans */
            spans: components["schemas"]["SpanOut"][];
            /**
             * Gaps
             * @description Parts of the spans that no footage exists of
             */
            gaps: components["schemas"]["SpanOut"][];
            /** Files */
            files: components["schemas"]["ClipFileOut"][];
            /** Size Bytes */
            size_bytes: number;
            /** Sha256 */
            sha256: string;
            /** Download Url */
            download_url: string | null;
            /** May Delete */
            may_delete: boolean;
        };
        /**
         * ClipPage
         * @example {
         *       "results": [
         *         {
         *           "id": "3f2504e04f8941d39a0c0305e82c3301",
         *           "created": "2026-01-31T14:10:00Z",
         *           "requester": "vigia",
         *           "reason": "Boletim de ocorrência 123/2026",
         *           "state": "done",
         *           "progress": 1,
         *           "error": "",
         *           "spans": [
         *             {
         *               "camera": {
         *                 "id": "0f8fad5b-d9cb-469f-a165-70867728950e",
         *                 "name": "Praça da Matriz"
         *               },
         *               "start": "2026-01-31T12:00:00Z",
         *               "end": "2026-01-31T12:05:00Z"
         *             }
         *           ],
         *           "gaps": [],
         *           "files": [
         *             {
         *               "name": "praca-da-matriz-20260131-120000.mp4",
         *               "camera": {
         *                 "id": "0f8fad5b-d9cb-469f-a165-70867728950e",
         *                 "name": "Praça da Matriz"
         *               },
         *               "start": "2026-01-31T12:00:00Z",
         *               "end": "2026-01-31T12:05:00Z",
         *               "size_bytes": 75120344,
         *               "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
         *               "download_url": "/api/clips/3f2504e04f8941d39a0c0305e82c3301/files/praca-da-matriz-20260131-120000.mp4"
         *             }
         *           ],
         *           "size_bytes": 75131002,
         *           "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
         *           "download_url": "/api/clips/3f2504e04f8941d39a0c0305e82c3301/download",
         *           "may_delete": true
         *         }
         *       ],
         *       "next": "1769868600000000"
         *     }
         */
        ClipPage: {
            /** Results */
            results: components["schemas"]["ClipOut"][];
            /**
             * Next
             * @description Pass as `before` for the next page
             */
            next: string | null;
        };
        /**
         * Codecs
         * @example {
         *       "codecs": [
         *         "avc1.4d401f",
         *         "mp4a.40.2"
         *       ]
         *     }
         */
        Codecs: {
            /**
             * Codecs
             * @description RFC 6381
             * @example [
             *       "avc1.4d401f",
             *       "mp4a.40.2"
             *     ]
             */
            codecs: string[];
        };
        /**
         * Credentials
         * @example {
         *       "username": "vigia",
         *       "password": "uma senha longa"
         *     }
         */
        Credentials: {
            /**
             * Username
             * @example vigia
             */
            username: string;
            /**
             * Password
             * @example uma senha longa
             */
            password: string;
        };
        /**
         * DeviceFacts
         * @example {
         *       "manufacturer": "Intelbras",
         *       "model": "VIP 3230",
         *       "firmware": "2.800.0000000.7.R",
         *       "serial": "4K0123PAZ00001",
         *       "clock_difference_s": -0.4,
         *       "profiles": [
         *         {
         *           "token": "Profile_1",
         *           "name": "mainStream",
         *           "codec": "H264",
         *           "width": 1920,
         *           "height": 1080,
         *           "fps": 25,
         *           "bitrate_bps": 4000000,
         *           "stream_url": "rtsp://192.168.1.64:554/Streaming/Channels/101"
         *         }
         *       ],
         *       "main_url": "rtsp://192.168.1.64:554/Streaming/Channels/101",
         *       "sub_url": "rtsp://192.168.1.64:554/Streaming/Channels/102",
         *       "snapshot_url": "http://192.168.1.64/onvif/snapshot",
         *       "notes": []
         *     }
         */
        DeviceFacts: {
            /** Manufacturer */
            manufacturer: string;
            /** Model */
            model: string;
            /** Firmware */
            firmware: string;
            /** Serial */
            serial: string;
            /** Clock Difference S */
            clock_difference_s: number | null;
            /** Profiles */
            profiles?: components["schemas"]["Profile"][];
            /**
             * Main Url
             * @default
             */
            main_url: string;
            /**
             * Sub Url
             * @default
             */
            sub_url: string;
            /**
             * Snapshot Url
             * @default
             */
            snapshot_url: string;
            /** Notes */
            notes?: string[];
        };
        /**
         * DeviceQuestion
         * @example {
         *       "address": "192.168.1.64",
         *       "port": 80,
         *       "username": "admin",
         *       "password": "senha da câmera"
         *     }
         */
        DeviceQuestion: {
            /**
             * Address
             * @example 192.168.1.64
             */
            address: string;
            /**
             * Port
             * @default 80
             * @example 80
             */
            port: number;
            /**
             * Username
             * @default
             * @example admin
             */
            username: string;
            /**
             * Password
             * @default
             * @example senha da câmera
             */
            password: string;
        };
        /**
         * Found
         * @example {
         *       "devices": [
         *         {
         *           "address": "192.168.1.64",
         *           "onvif_port": 80,
         *           "rtsp_port": 554,
         *           "name": "VIP 3230",
         *           "hardware": "IPC-B2"
         *         }
         *       ]
         *     }
         */
        Found: {
            /** Devices */
            devices: components["schemas"]["FoundDevice"][];
        };
        /**
         * FoundDevice
         * @description Something that looks like a camera.
         * @example {
         *       "address": "192.168.1.64",
         *       "onvif_port": 80,
         *       "rtsp_port": 554,
         *       "name": "VIP 3230",
         *       "hardware": "IPC-B2"
         *     }
         */
        FoundDevice: {
            /** Address */
            address: string;
            /** Onvif Port */
            onvif_port?: number | null;
            /** Rtsp Port */
            rtsp_port?: number | null;
            /**
             * Name
             * @default
             */
            name: string;
            /**
             * Hardware
             * @default
             */
            hardware: string;
        };
        /**
         * HoldOrder
         * @example {
         *       "camera": "0f8fad5b-d9cb-469f-a165-70867728950e",
         *       "start": "2026-01-31T12:00:00Z",
         *       "end": "2026-01-31T12:05:00Z",
         *       "reason": "Ofício 12/2026"
         *     }
         */
        HoldOrder: {
            /**
             * Camera
             * @example 0f8fad5b-d9cb-469f-a165-70867728950e
             */
            camera: string;
            /**
             * Start
             * Format: date-time
             * @example 2026-01-31T12:00:00Z
             */
            start: string;
            /**
             * End
             * Format: date-time
             * @example 2026-01-31T13:00:00Z
             */
            end: string;
            /**
             * Reason
             * @example Ofício 12/2026
             */
            reason: string;
        };
        /**
         * HoldOut
         * @example {
         *       "id": 7,
         *       "camera": {
         *         "id": "0f8fad5b-d9cb-469f-a165-70867728950e",
         *         "name": "Praça da Matriz"
         *       },
         *       "start": "2026-01-31T12:00:00Z",
         *       "end": "2026-01-31T12:05:00Z",
         *       "reason": "gestora: Ofício 12/2026"
         *     }
         */
        HoldOut: {
            /** Id */
            id: number;
            camera: components["schemas"]["CameraRef"];
            /**
             * Start
             * Format: date-time
             */
            start: string;
            /**
             * End
             * Format: date-time
             */
            end: string;
            /** Reason */
            reason: string;
        };
        /**
         * LiveQuality
         * @description One stream of the camera.
         * @example {
         *       "name": "main",
         *       "codec": "h264",
         *       "whep_url": "/live/dG9rZW4tb2YtYS12aWV3ZXI/0f8fad5b-d9cb-469f-a165-70867728950e/main/whep",
         *       "hls_url": "/live/dG9rZW4tb2YtYS12aWV3ZXI/0f8fad5b-d9cb-469f-a165-70867728950e/main/index.m3u8"
         *     }
         */
        LiveQuality: {
            /**
             * Name
             * @enum {string}
             */
            name: "main" | "sub";
            /**
             * Codec
             * @description h264, h265; empty while it is not known
             * @example h264
             */
            codec: string;
            /** Whep Url */
            whep_url: string;
            /** Hls Url */
            hls_url: string;
        };
        /**
         * LiveVideo
         * @description Where a camera's live video is; the URLs stop working `expires_at`, unless they are used.
         * @example {
         *       "camera": "0f8fad5b-d9cb-469f-a165-70867728950e",
         *       "expires_at": "2026-01-31T12:11:00Z",
         *       "engine": "embedded",
         *       "adaptive_url": null,
         *       "qualities": [
         *         {
         *           "name": "main",
         *           "codec": "h264",
         *           "whep_url": "/live/dG9rZW4tb2YtYS12aWV3ZXI/0f8fad5b-d9cb-469f-a165-70867728950e/main/whep",
         *           "hls_url": "/live/dG9rZW4tb2YtYS12aWV3ZXI/0f8fad5b-d9cb-469f-a165-70867728950e/main/index.m3u8"
         *         }
         *       ]
         *     }
         */
        LiveVideo: {
            /** Camera */
            camera: string;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /**
             * Engine
             * @example embedded
             */
            engine: string;
            /**
             * Adaptive Url
             * @description HLS of all qualities, between which a player adapts by itself; null where there is one
             */
            adaptive_url: string | null;
            /** Qualities */
            qualities: components["schemas"]["LiveQuality"][];
        };
        /**
         * LocalCameraOut
         * @example {
         *       "id": "0f8fad5b-d9cb-469f-a165-70867728950e",
         *       "name": "Praça da Matriz",
         *       "rtsp_url": "rtsp://192.168.1.64:554/Streaming/Channels/101",
         *       "refusal": ""
         *     }
         */
        LocalCameraOut: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /**
             * Rtsp Url
             * @description Without credentials
             */
            rtsp_url: string;
            /**
             * Refusal
             * @description Why the hub did not take it; empty while it waits
             */
            refusal: string;
        };
        /**
         * NewCamera
         * @example {
         *       "rtsp_url": "rtsp://192.168.1.64:554/Streaming/Channels/101",
         *       "username": "admin",
         *       "password": "senha da câmera",
         *       "name": "Praça da Matriz",
         *       "sub_rtsp_url": "rtsp://192.168.1.64:554/Streaming/Channels/102"
         *     }
         */
        NewCamera: {
            /**
             * Rtsp Url
             * @example rtsp://192.168.1.64:554/Streaming/Channels/101
             */
            rtsp_url: string;
            /**
             * Username
             * @default
             * @example admin
             */
            username: string;
            /**
             * Password
             * @default
             * @example senha da câmera
             */
            password: string;
            /**
             * Name
             * @example Praça da Matriz
             */
            name: string;
            /**
             * Sub Rtsp Url
             * @default
             * @example rtsp://192.168.1.64:554/Streaming/Channels/102
             */
            sub_rtsp_url: string;
        };
        /**
         * OpenWatchHits
         * @example {
         *       "results": [
         *         {
         *           "read": {
         *             "id": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
         *             "plate": "ABC1D23",
         *             "confidence": 0.97,
         *             "captured_at": "2026-01-31T12:03:21.400000Z",
         *             "received_at": "2026-01-31T12:03:21.912000Z",
         *             "clock_off": false,
         *             "camera_at": "2026-01-31T12:03:21.400000Z",
         *             "group": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
         *             "group_size": 2,
         *             "hits": [
         *               {
         *                 "entry": "9b2d9f5e-2c1a-4b57-8a0e-6f1d2c3b4a59",
         *                 "kind": "stolen"
         *               }
         *             ],
         *             "camera": {
         *               "id": "0f8fad5b-d9cb-469f-a165-70867728950e",
         *               "name": "Praça da Matriz"
         *             },
         *             "direction": "approaching",
         *             "lane": 1,
         *             "speed_kmh": 42,
         *             "vehicle_type": "car",
         *             "vehicle_make": "Fiat",
         *             "vehicle_model": "Uno",
         *             "vehicle_color": "white",
         *             "country": "BR",
         *             "image_url": "/api/plate-reads/7c9e6679-7425-40de-944b-e07fc1f90ae7/image"
         *           },
         *           "entries": [
         *             {
         *               "id": "9b2d9f5e-2c1a-4b57-8a0e-6f1d2c3b4a59",
         *               "kind": "stolen",
         *               "reason": "BO 123/2026"
         *             }
         *           ],
         *           "reads": 2
         *         }
         *       ],
         *       "open": 1
         *     }
         */
        OpenWatchHits: {
            /**
             * Results
             * @description Newest first
             */
            results: components["schemas"]["WatchHit"][];
            /**
             * Open
             * @description How many there are in all
             */
            open: number;
        };
        /**
         * PlateHit
         * @description A watchlist entry that the plate was on when it was read.
         * @example {
         *       "entry": "9b2d9f5e-2c1a-4b57-8a0e-6f1d2c3b4a59",
         *       "kind": "stolen"
         *     }
         */
        PlateHit: {
            /** Entry */
            entry: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "stolen" | "wanted" | "authorised";
        };
        /**
         * PlateMark
         * @example {
         *       "id": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
         *       "plate": "ABC1D23",
         *       "at": "2026-01-31T12:03:21.400000Z"
         *     }
         */
        PlateMark: {
            /** Id */
            id: string;
            /** Plate */
            plate: string;
            /**
             * At
             * Format: date-time
             */
            at: string;
        };
        /**
         * PlateReadOut
         * @example {
         *       "id": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
         *       "plate": "ABC1D23",
         *       "confidence": 0.97,
         *       "captured_at": "2026-01-31T12:03:21.400000Z",
         *       "received_at": "2026-01-31T12:03:21.912000Z",
         *       "clock_off": false,
         *       "camera_at": "2026-01-31T12:03:21.400000Z",
         *       "group": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
         *       "group_size": 2,
         *       "hits": [
         *         {
         *           "entry": "9b2d9f5e-2c1a-4b57-8a0e-6f1d2c3b4a59",
         *           "kind": "stolen"
         *         }
         *       ],
         *       "camera": {
         *         "id": "0f8fad5b-d9cb-469f-a165-70867728950e",
         *         "name": "Praça da Matriz"
         *       },
         *       "direction": "approaching",
         *       "lane": 1,
         *       "speed_kmh": 42,
         *       "vehicle_type": "car",
         *       "vehicle_make": "Fiat",
         *       "vehicle_model": "Uno",
         *       "vehicle_color": "white",
         *       "country": "BR",
         *       "image_url": "/api/plate-reads/7c9e6679-7425-40de-944b-e07fc1f90ae7/image"
         *     }
         */
        PlateReadOut: {
            /** Id */
            id: string;
            /** Plate */
            plate: string;
            /** Confidence */
            confidence: number | null;
            /**
             * Captured At
             * Format: date-time
             */
            captured_at: string;
            /**
             * Received At
             * Format: date-time
             */
            received_at: string;
            /**
             * Clock Off
             * @description The camera's clock is wrong; its time is put right by the box's
             */
            clock_off: boolean;
            /**
             * Camera At
             * @description What the camera's clock said
             */
            camera_at: string | null;
            /**
             * Group
             * @description Reads of one vehicle within seconds have one group
             */
            group: string | null;
            /** Group Size */
            group_size: number;
            /** Hits */
            hits: components["schemas"]["PlateHit"][];
            camera: components["schemas"]["CameraRef"];
            /** Direction */
            direction: string | null;
            /** Lane */
            lane: number | null;
            /** Speed Kmh */
            speed_kmh: number | null;
            /** Vehicle Type */
            vehicle_type: string | null;
            /** Vehicle Make */
            vehicle_make: string | null;
            /** Vehicle Model */
            vehicle_model: string | null;
            /** Vehicle Color */
            vehicle_color: string | null;
            /** Country */
            country: string | null;
            /** Image Url */
            image_url: string | null;
        };
        /**
         * PlateReadPage
         * @example {
         *       "results": [
         *         {
         *           "id": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
         *           "plate": "ABC1D23",
         *           "confidence": 0.97,
         *           "captured_at": "2026-01-31T12:03:21.400000Z",
         *           "received_at": "2026-01-31T12:03:21.912000Z",
         *           "clock_off": false,
         *           "camera_at": "2026-01-31T12:03:21.400000Z",
         *           "group": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
         *           "group_size": 2,
         *           "hits": [
         *             {
         *               "entry": "9b2d9f5e-2c1a-4b57-8a0e-6f1d2c3b4a59",
         *               "kind": "stolen"
         *             }
         *           ],
         *           "camera": {
         *             "id": "0f8fad5b-d9cb-469f-a165-70867728950e",
         *             "name": "Praça da Matriz"
         *           },
         *           "direction": "approaching",
         *           "lane": 1,
         *           "speed_kmh": 42,
         *           "vehicle_type": "car",
         *           "vehicle_make": "Fiat",
         *           "vehicle_model": "Uno",
         *           "vehicle_color": "white",
         *           "country": "BR",
         *           "image_url": "/api/plate-reads/7c9e6679-7425-40de-944b-e07fc1f90ae7/image"
         *         }
         *       ],
         *       "next": "48213"
         *     }
         */
        PlateReadPage: {
            /** Results */
            results: components["schemas"]["PlateReadOut"][];
            /**
             * Next
             * @description Pass as `before` for the next page
             */
            next: string | null;
        };
        /**
         * Problem
         * @description An error (RFC 9457); `detail` is for the person, in Portuguese.
         * @example {
         *       "type": "about:blank",
         *       "title": "Not Found",
         *       "status": 404,
         *       "detail": "Não há gravação desta câmera neste horário."
         *     }
         */
        Problem: {
            /**
             * Type
             * @default about:blank
             */
            type: string;
            /** Title */
            title: string;
            /** Status */
            status: number;
            /** Detail */
            detail: string;
        };
        /**
         * Profile
         * @description One stream that the camera offers; `stream_url` has no credentials.
         * @example {
         *       "token": "Profile_1",
         *       "name": "mainStream",
         *       "codec": "H264",
         *       "width": 1920,
         *       "height": 1080,
         *       "fps": 25,
         *       "bitrate_bps": 4000000,
         *       "stream_url": "rtsp://192.168.1.64:554/Streaming/Channels/101"
         *     }
         */
        Profile: {
            /** Token */
            token: string;
            /** Name */
            name: string;
            /** Codec */
            codec: string;
            /** Width */
            width: number;
            /** Height */
            height: number;
            /** Fps */
            fps: number;
            /** Bitrate Bps */
            bitrate_bps: number;
            /** Stream Url */
            stream_url: string;
        };
        /**
         * RecordedSpan
         * @example {
         *       "start": "2026-01-31T12:00:00Z",
         *       "end": "2026-01-31T12:05:00Z"
         *     }
         */
        RecordedSpan: {
            /**
             * Start
             * Format: date-time
             */
            start: string;
            /**
             * End
             * Format: date-time
             */
            end: string;
        };
        /**
         * RemovedCamera
         * @description A camera that is gone and whose footage is not.
         * @example {
         *       "id": "0f8fad5b-d9cb-469f-a165-70867728950e",
         *       "name": "Praça da Matriz",
         *       "footage_start": "2026-01-20T03:00:00Z",
         *       "footage_end": "2026-01-31T12:05:00Z",
         *       "kept_until": "2026-03-02T12:05:00Z"
         *     }
         */
        RemovedCamera: {
            /** Id */
            id: string;
            /**
             * Name
             * @description Its last name
             * @example Praça da Matriz
             */
            name: string;
            /**
             * Footage Start
             * Format: date-time
             */
            footage_start: string;
            /**
             * Footage End
             * Format: date-time
             */
            footage_end: string;
            /**
             * Kept Until
             * Format: date-time
             * @description When the plan lets the last of it go; what is held as evidence stays longer, and a full disk may take it sooner
             */
            kept_until: string;
        };
        /**
         * SeenHits
         * @example {
         *       "reads": [
         *         "7c9e6679-7425-40de-944b-e07fc1f90ae7"
         *       ]
         *     }
         */
        SeenHits: {
            /**
             * Reads
             * @example [
             *       "0f8fad5b-d9cb-469f-a165-70867728950e"
             *     ]
             */
            reads: string[];
        };
        /**
         * Session
         * @example {
         *       "user": {
         *         "username": "vigia",
         *         "name": "Ana Souza",
         *         "role": "visualizador"
         *       }
         *     }
         */
        Session: {
            user: components["schemas"]["User"];
        };
        /**
         * SpanIn
         * @example {
         *       "camera": "0f8fad5b-d9cb-469f-a165-70867728950e",
         *       "start": "2026-01-31T12:00:00Z",
         *       "end": "2026-01-31T12:05:00Z"
         *     }
         */
        SpanIn: {
            /**
             * Camera
             * @example 0f8fad5b-d9cb-469f-a165-70867728950e
             */
            camera: string;
            /**
             * Start
             * Format: date-time
             * @example 2026-01-31T12:00:00Z
             */
            start: string;
            /**
             * End
             * Format: date-time
             * @example 2026-01-31T12:05:00Z
             */
            end: string;
        };
        /**
         * SpanOut
         * @example {
         *       "camera": {
         *         "id": "0f8fad5b-d9cb-469f-a165-70867728950e",
         *         "name": "Praça da Matriz"
         *       },
         *       "start": "2026-01-31T12:00:00Z",
         *       "end": "2026-01-31T12:05:00Z"
         *     }
         */
        SpanOut: {
            camera: components["schemas"]["CameraRef"];
            /**
             * Start
             * Format: date-time
             */
            start: string;
            /**
             * End
             * Format: date-time
             */
            end: string;
        };
        /**
         * StreamQuestion
         * @example {
         *       "rtsp_url": "rtsp://192.168.1.64:554/Streaming/Channels/101",
         *       "username": "admin",
         *       "password": "senha da câmera"
         *     }
         */
        StreamQuestion: {
            /**
             * Rtsp Url
             * @example rtsp://192.168.1.64:554/Streaming/Channels/101
             */
            rtsp_url: string;
            /**
             * Username
             * @default
             * @example admin
             */
            username: string;
            /**
             * Password
             * @default
             * @example senha da câmera
             */
            password: string;
        };
        /**
         * TestAnswer
         * @example {
         *       "ok": true,
         *       "verdict": "Vídeo H.264 1920×1080, 25,0 quadros/s, 4,0 Mbit/s: pronto para gravar.",
         *       "codec": "h264",
         *       "width": 1920,
         *       "height": 1080,
         *       "fps": 25,
         *       "bitrate_bps": 4012000,
         *       "gop_s": 2,
         *       "audio": "",
         *       "transport": "tcp",
         *       "notes": [],
         *       "snapshot": "data:image/jpeg;base64,/9j/4AAQSkZJRgABAQAAAQABAAD"
         *     }
         */
        TestAnswer: {
            /** Ok */
            ok: boolean;
            /**
             * Verdict
             * @example Vídeo H.264 1280×720, 25,0 quadros/s, 2,1 Mbit/s: pronto para gravar.
             */
            verdict: string;
            /** Codec */
            codec: string;
            /** Width */
            width: number;
            /** Height */
            height: number;
            /** Fps */
            fps: number;
            /** Bitrate Bps */
            bitrate_bps: number;
            /** Gop S */
            gop_s: number | null;
            /** Audio */
            audio: string;
            /** Transport */
            transport: string;
            /** Notes */
            notes: string[];
            /**
             * Snapshot
             * @description A JPEG as a data: URL, or empty
             */
            snapshot: string;
        };
        /**
         * Timeline
         * @example {
         *       "spans": [
         *         {
         *           "start": "2026-01-31T12:00:00Z",
         *           "end": "2026-01-31T12:05:00Z"
         *         }
         *       ],
         *       "reads": [
         *         {
         *           "id": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
         *           "plate": "ABC1D23",
         *           "at": "2026-01-31T12:03:21.400000Z"
         *         }
         *       ]
         *     }
         */
        Timeline: {
            /** Spans */
            spans: components["schemas"]["RecordedSpan"][];
            /** Reads */
            reads: components["schemas"]["PlateMark"][];
        };
        /**
         * User
         * @example {
         *       "username": "vigia",
         *       "name": "Ana Souza",
         *       "role": "visualizador"
         *     }
         */
        User: {
            /** Username */
            username: string;
            /** Name */
            name: string;
            /**
             * Role
             * @enum {string}
             */
            role: "admin" | "gestor" | "visualizador";
        };
        /**
         * WatchEntry
         * @description An entry of the watchlist as it was when the plate was read.
         * @example {
         *       "id": "9b2d9f5e-2c1a-4b57-8a0e-6f1d2c3b4a59",
         *       "kind": "stolen",
         *       "reason": "BO 123/2026"
         *     }
         */
        WatchEntry: {
            /** Id */
            id: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "stolen" | "wanted" | "authorised";
            /** Reason */
            reason: string;
        };
        /**
         * WatchHit
         * @description A watched plate that was read and that no guard has acknowledged yet.
         * @example {
         *       "read": {
         *         "id": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
         *         "plate": "ABC1D23",
         *         "confidence": 0.97,
         *         "captured_at": "2026-01-31T12:03:21.400000Z",
         *         "received_at": "2026-01-31T12:03:21.912000Z",
         *         "clock_off": false,
         *         "camera_at": "2026-01-31T12:03:21.400000Z",
         *         "group": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
         *         "group_size": 2,
         *         "hits": [
         *           {
         *             "entry": "9b2d9f5e-2c1a-4b57-8a0e-6f1d2c3b4a59",
         *             "kind": "stolen"
         *           }
         *         ],
         *         "camera": {
         *           "id": "0f8fad5b-d9cb-469f-a165-70867728950e",
         *           "name": "Praça da Matriz"
         *         },
         *         "direction": "approaching",
         *         "lane": 1,
         *         "speed_kmh": 42,
         *         "vehicle_type": "car",
         *         "vehicle_make": "Fiat",
         *         "vehicle_model": "Uno",
         *         "vehicle_color": "white",
         *         "country": "BR",
         *         "image_url": "/api/plate-reads/7c9e6679-7425-40de-944b-e07fc1f90ae7/image"
         *       },
         *       "entries": [
         *         {
         *           "id": "9b2d9f5e-2c1a-4b57-8a0e-6f1d2c3b4a59",
         *           "kind": "stolen",
         *           "reason": "BO 123/2026"
         *         }
         *       ],
         *       "reads": 2
         *     }
         */
        WatchHit: {
            read: components["schemas"]["PlateReadOut"];
            /** Entries */
            entries: components["schemas"]["WatchEntry"][];
            /**
             * Reads
             * @description Reads of this vehicle within seconds, shown as one
             */
            reads: number;
        };
        /**
         * Wellness
         * @description Whether the box does its work, and which part does not.
         * @example {
         *       "status": "ok",
         *       "checks": {
         *         "recorder": true,
         *         "database": true,
         *         "disk": true,
         *         "clock": true
         *       }
         *     }
         */
        Wellness: {
            /**
             * Status
             * @enum {string}
             */
            status: "ok" | "failing";
            /**
             * Checks
             * @example {
             *       "clock_set": true,
             *       "database": true,
             *       "disk": true,
             *       "recorder": true
             *     }
             */
            checks: {
                [key: string]: boolean;
            };
        };
        /**
         * Where
         * @example {
         *       "address": "192.168.1.0/24"
         *     }
         */
        Where: {
            /**
             * Address
             * @description Empty: listen on the LAN
             * @default
             * @example 192.168.1.0/24
             */
            address: string;
        };
        /**
         * @description What happened on the box; the other fields are its type's, as in the examples
         * @example {
         *       "type": "camera",
         *       "camera": "0f8fad5b-d9cb-469f-a165-70867728950e",
         *       "state": "offline",
         *       "reason": "A câmera não responde na rede."
         *     }
         * @example {
         *       "type": "plate",
         *       "id": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
         *       "camera": "0f8fad5b-d9cb-469f-a165-70867728950e",
         *       "plate": "ABC1D23",
         *       "captured_at": "2026-01-31T12:03:21.400000Z"
         *     }
         * @example {
         *       "type": "watchlist",
         *       "id": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
         *       "camera": "0f8fad5b-d9cb-469f-a165-70867728950e",
         *       "plate": "ABC1D23",
         *       "captured_at": "2026-01-31T12:03:21.400000Z",
         *       "text": "Veículo roubado ou furtado: placa ABC1D23 em Praça da Matriz (BO 123/2026).",
         *       "entries": [
         *         {
         *           "id": "9b2d9f5e-2c1a-4b57-8a0e-6f1d2c3b4a59",
         *           "kind": "stolen",
         *           "reason": "BO 123/2026"
         *         }
         *       ]
         *     }
         * @example {
         *       "type": "clip",
         *       "id": "3f2504e04f8941d39a0c0305e82c3301",
         *       "state": "running",
         *       "progress": 0.4
         *     }
         * @example {
         *       "type": "alarm",
         *       "alarm": "disk-floor",
         *       "text": "Disco cheio: gravações dentro do prazo de guarda foram apagadas."
         *     }
         */
        Event: {
            /** @enum {string} */
            type: "camera" | "plate" | "watchlist" | "clip" | "alarm";
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Credentials"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description Usuário ou senha incorretos */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedido inválido */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "Pedido inválido."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedidos demais; Retry-After diz quando voltar */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Pedidos demais; Retry-After diz quando voltar."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description Sem sessão, ou sessão encerrada */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Sem sessão, ou sessão encerrada."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    status: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BoxStatus"];
                };
            };
            /** @description Sem sessão, ou sessão encerrada */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Sem sessão, ou sessão encerrada."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    alarms: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Alarm"][];
                };
            };
            /** @description Sem sessão, ou sessão encerrada */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Sem sessão, ou sessão encerrada."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cameras: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Camera"][];
                };
            };
            /** @description Sem sessão, ou sessão encerrada */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Sem sessão, ou sessão encerrada."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addCamera: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCamera"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LocalCameraOut"];
                };
            };
            /** @description O que se pede não é possível */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "O que se pede não é possível."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sem sessão, ou sessão encerrada */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Sem sessão, ou sessão encerrada."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description O perfil não permite */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "O perfil não permite."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Não é possível no estado em que está */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "Não é possível no estado em que está."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedido inválido */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "Pedido inválido."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removedCameras: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RemovedCamera"][];
                };
            };
            /** @description Sem sessão, ou sessão encerrada */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Sem sessão, ou sessão encerrada."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    timeline: {
        parameters: {
            query: {
                /**
                 * @description RFC 3339, with offset
                 * @example 2026-01-31T12:00:00Z
                 */
                start: string;
                /**
                 * @description RFC 3339, with offset
                 * @example 2026-01-31T12:05:00Z
                 */
                end: string;
                /**
                 * @description Gaps up to this many seconds are not shown
                 * @example 2
                 */
                resolution_s?: number;
            };
            header?: never;
            path: {
                /** @example 0f8fad5b-d9cb-469f-a165-70867728950e */
                camera_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Timeline"];
                };
            };
            /** @description O que se pede não é possível */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "O que se pede não é possível."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sem sessão, ou sessão encerrada */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Sem sessão, ou sessão encerrada."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Não existe */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "Não existe."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedido inválido */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "Pedido inválido."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    livePlaylist: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 0f8fad5b-d9cb-469f-a165-70867728950e */
                camera_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example #EXTM3U
                     *     #EXT-X-VERSION:7
                     *     #EXT-X-TARGETDURATION:2
                     *     #EXT-X-MEDIA-SEQUENCE:0
                     *     #EXT-X-MAP:URI="segments/1769860800000000.mp4",BYTERANGE="801@0"
                     *     #EXT-X-PROGRAM-DATE-TIME:2026-01-31T12:00:00.000Z
                     *     #EXTINF:2.000,
                     *     #EXT-X-BYTERANGE:1003412@801
                     *     segments/1769860800000000.mp4
                     *     #EXT-X-ENDLIST
                     */
                    "application/vnd.apple.mpegurl": string;
                };
            };
            /** @description Sem sessão, ou sessão encerrada */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Sem sessão, ou sessão encerrada."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Não existe */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "Não existe."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedido inválido */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "Pedido inválido."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    playbackPlaylist: {
        parameters: {
            query: {
                /**
                 * @description RFC 3339, with offset
                 * @example 2026-01-31T12:00:00Z
                 */
                start: string;
                /**
                 * @description RFC 3339, with offset
                 * @example 2026-01-31T12:05:00Z
                 */
                end: string;
            };
            header?: never;
            path: {
                /** @example 0f8fad5b-d9cb-469f-a165-70867728950e */
                camera_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example #EXTM3U
                     *     #EXT-X-VERSION:7
                     *     #EXT-X-TARGETDURATION:2
                     *     #EXT-X-MEDIA-SEQUENCE:0
                     *     #EXT-X-MAP:URI="segments/1769860800000000.mp4",BYTERANGE="801@0"
                     *     #EXT-X-PROGRAM-DATE-TIME:2026-01-31T12:00:00.000Z
                     *     #EXTINF:2.000,
                     *     #EXT-X-BYTERANGE:1003412@801
                     *     segments/1769860800000000.mp4
                     *     #EXT-X-ENDLIST
                     */
                    "application/vnd.apple.mpegurl": string;
                };
            };
            /** @description O que se pede não é possível */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "O que se pede não é possível."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sem sessão, ou sessão encerrada */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Sem sessão, ou sessão encerrada."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Não existe */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "Não existe."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedido inválido */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "Pedido inválido."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedidos demais; Retry-After diz quando voltar */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Pedidos demais; Retry-After diz quando voltar."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    codecs: {
        parameters: {
            query: {
                /**
                 * @description RFC 3339, with offset
                 * @example 2026-01-31T12:00:00Z
                 */
                start: string;
                /**
                 * @description RFC 3339, with offset
                 * @example 2026-01-31T12:05:00Z
                 */
                end: string;
            };
            header?: never;
            path: {
                /** @example 0f8fad5b-d9cb-469f-a165-70867728950e */
                camera_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Codecs"];
                };
            };
            /** @description O que se pede não é possível */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "O que se pede não é possível."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sem sessão, ou sessão encerrada */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Sem sessão, ou sessão encerrada."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Não existe */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "Não existe."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedido inválido */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "Pedido inválido."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    thumbnail: {
        parameters: {
            query: {
                /**
                 * @description RFC 3339, with offset
                 * @example 2026-01-31T12:00:00Z
                 */
                at: string;
                /** @example 320 */
                width?: number;
            };
            header?: {
                /** @example "1769860800000000-320" */
                "if-none-match"?: string;
            };
            path: {
                /** @example 0f8fad5b-d9cb-469f-a165-70867728950e */
                camera_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example /9j/4AAQSkZJRgABAQAAAQABAAD */
                    "image/jpeg": string;
                };
            };
            /** @description The browser has it */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description O que se pede não é possível */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "O que se pede não é possível."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sem sessão, ou sessão encerrada */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Sem sessão, ou sessão encerrada."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Não existe */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "Não existe."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedido inválido */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "Pedido inválido."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedidos demais; Retry-After diz quando voltar */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Pedidos demais; Retry-After diz quando voltar."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    segment: {
        parameters: {
            query?: never;
            header?: {
                /** @example bytes=0-1023 */
                Range?: string;
            };
            path: {
                /** @example 1769860800000000 */
                segment_id: number;
                /** @example 0f8fad5b-d9cb-469f-a165-70867728950e */
                camera_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example AAAAGGZ0eXBpc281AAACAGlzbzVpc282 */
                    "video/mp4": string;
                };
            };
            /** @description O que se pede não é possível */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "O que se pede não é possível."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sem sessão, ou sessão encerrada */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Sem sessão, ou sessão encerrada."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Não existe */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "Não existe."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description O arquivo não tem estes bytes */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Range Not Satisfiable",
                     *       "status": 416,
                     *       "detail": "O arquivo não tem estes bytes."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedido inválido */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "Pedido inválido."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    plateReads: {
        parameters: {
            query?: {
                /** @example ABC1D?3 */
                plate?: string;
                /** @example true */
                tolerant?: boolean;
                /** @example 0f8fad5b-d9cb-469f-a165-70867728950e */
                camera?: string;
                /** @example 2026-01-31T12:00:00Z */
                start?: string | null;
                /** @example 2026-01-31T12:05:00Z */
                end?: string | null;
                /** @example 50 */
                limit?: number;
                /** @example 48213 */
                before?: number | null;
                /** @example BO 123/2026 */
                purpose?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlateReadPage"];
                };
            };
            /** @description Sem sessão, ou sessão encerrada */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Sem sessão, ou sessão encerrada."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description O perfil não permite */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "O perfil não permite."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedido inválido */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "Pedido inválido."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    plateRead: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 7c9e6679-7425-40de-944b-e07fc1f90ae7 */
                read_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlateReadOut"];
                };
            };
            /** @description Sem sessão, ou sessão encerrada */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Sem sessão, ou sessão encerrada."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Não existe */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "Não existe."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedido inválido */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "Pedido inválido."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    plateReadImage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 7c9e6679-7425-40de-944b-e07fc1f90ae7 */
                read_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example /9j/4AAQSkZJRgABAQAAAQABAAD */
                    "image/jpeg": string;
                };
            };
            /** @description Sem sessão, ou sessão encerrada */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Sem sessão, ou sessão encerrada."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description O perfil não permite */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "O perfil não permite."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Não existe */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "Não existe."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedido inválido */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "Pedido inválido."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    watchlistHits: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenWatchHits"];
                };
            };
            /** @description Sem sessão, ou sessão encerrada */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Sem sessão, ou sessão encerrada."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    acknowledgeHits: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SeenHits"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sem sessão, ou sessão encerrada */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Sem sessão, ou sessão encerrada."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedido inválido */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "Pedido inválido."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    discover: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Where"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Found"];
                };
            };
            /** @description O que se pede não é possível */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "O que se pede não é possível."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sem sessão, ou sessão encerrada */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Sem sessão, ou sessão encerrada."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description O perfil não permite */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "O perfil não permite."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedido inválido */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "Pedido inválido."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedidos demais; Retry-After diz quando voltar */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Pedidos demais; Retry-After diz quando voltar."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description O aparelho não respondeu como devia */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Gateway",
                     *       "status": 502,
                     *       "detail": "O aparelho não respondeu como devia."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    askDevice: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeviceQuestion"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceFacts"];
                };
            };
            /** @description O que se pede não é possível */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "O que se pede não é possível."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sem sessão, ou sessão encerrada */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Sem sessão, ou sessão encerrada."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description O perfil não permite */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "O perfil não permite."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedido inválido */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "Pedido inválido."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedidos demais; Retry-After diz quando voltar */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Pedidos demais; Retry-After diz quando voltar."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description O aparelho não respondeu como devia */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Gateway",
                     *       "status": 502,
                     *       "detail": "O aparelho não respondeu como devia."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    testCamera: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StreamQuestion"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TestAnswer"];
                };
            };
            /** @description O que se pede não é possível */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "O que se pede não é possível."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sem sessão, ou sessão encerrada */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Sem sessão, ou sessão encerrada."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description O perfil não permite */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "O perfil não permite."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedido inválido */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "Pedido inválido."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedidos demais; Retry-After diz quando voltar */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Pedidos demais; Retry-After diz quando voltar."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    localCameras: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LocalCameraOut"][];
                };
            };
            /** @description Sem sessão, ou sessão encerrada */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Sem sessão, ou sessão encerrada."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description O perfil não permite */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "O perfil não permite."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeCamera: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 0f8fad5b-d9cb-469f-a165-70867728950e */
                camera_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sem sessão, ou sessão encerrada */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Sem sessão, ou sessão encerrada."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description O perfil não permite */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "O perfil não permite."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Não existe */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "Não existe."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Não é possível no estado em que está */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "Não é possível no estado em que está."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedido inválido */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "Pedido inválido."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    clips: {
        parameters: {
            query?: {
                /** @example 50 */
                limit?: number;
                /** @example 48213 */
                before?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClipPage"];
                };
            };
            /** @description Sem sessão, ou sessão encerrada */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Sem sessão, ou sessão encerrada."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedido inválido */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "Pedido inválido."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    orderClip: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClipOrder"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClipOut"];
                };
            };
            /** @description O que se pede não é possível */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "O que se pede não é possível."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sem sessão, ou sessão encerrada */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Sem sessão, ou sessão encerrada."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedido inválido */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "Pedido inválido."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedidos demais; Retry-After diz quando voltar */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Pedidos demais; Retry-After diz quando voltar."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    clip: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 3f2504e04f8941d39a0c0305e82c3301 */
                clip_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClipOut"];
                };
            };
            /** @description Sem sessão, ou sessão encerrada */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Sem sessão, ou sessão encerrada."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Não existe */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "Não existe."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedido inválido */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "Pedido inválido."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteClip: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 3f2504e04f8941d39a0c0305e82c3301 */
                clip_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sem sessão, ou sessão encerrada */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Sem sessão, ou sessão encerrada."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description O perfil não permite */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "O perfil não permite."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Não existe */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "Não existe."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedido inválido */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "Pedido inválido."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    downloadClip: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 3f2504e04f8941d39a0c0305e82c3301 */
                clip_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The whole clip */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example UEsDBC0AAAAAAAAAIQ== */
                    "application/zip": string;
                };
            };
            /** @description The bytes asked for */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example UEsDBC0AAAAAAAAAIQ== */
                    "application/zip": string;
                };
            };
            /** @description Sem sessão, ou sessão encerrada */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Sem sessão, ou sessão encerrada."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Não existe */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "Não existe."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Não é possível no estado em que está */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "Não é possível no estado em que está."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description O arquivo não tem estes bytes */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Range Not Satisfiable",
                     *       "status": 416,
                     *       "detail": "O arquivo não tem estes bytes."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedido inválido */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "Pedido inválido."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    downloadClipFile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example praca-da-matriz-20260131-120000.mp4 */
                name: string;
                /** @example 3f2504e04f8941d39a0c0305e82c3301 */
                clip_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One video of the clip */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example AAAAGGZ0eXBpc281AAACAGlzbzVpc282 */
                    "video/mp4": string;
                };
            };
            /** @description The bytes asked for */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example AAAAGGZ0eXBpc281AAACAGlzbzVpc282 */
                    "video/mp4": string;
                };
            };
            /** @description Sem sessão, ou sessão encerrada */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Sem sessão, ou sessão encerrada."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Não existe */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "Não existe."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Não é possível no estado em que está */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "Não é possível no estado em que está."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description O arquivo não tem estes bytes */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Range Not Satisfiable",
                     *       "status": 416,
                     *       "detail": "O arquivo não tem estes bytes."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedido inválido */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "Pedido inválido."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    holds: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HoldOut"][];
                };
            };
            /** @description Sem sessão, ou sessão encerrada */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Sem sessão, ou sessão encerrada."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    hold: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HoldOrder"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HoldOut"];
                };
            };
            /** @description O que se pede não é possível */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "O que se pede não é possível."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sem sessão, ou sessão encerrada */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Sem sessão, ou sessão encerrada."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description O perfil não permite */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "O perfil não permite."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Não é possível no estado em que está */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "Não é possível no estado em que está."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedido inválido */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "Pedido inválido."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedidos demais; Retry-After diz quando voltar */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Pedidos demais; Retry-After diz quando voltar."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    releaseHold: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 7 */
                hold_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sem sessão, ou sessão encerrada */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Sem sessão, ou sessão encerrada."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description O perfil não permite */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "O perfil não permite."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Não existe */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "Não existe."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedido inválido */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "Pedido inválido."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    healthz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Wellness"];
                };
            };
            /** @description A check failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Wellness"];
                };
            };
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Prometheus text format */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example gtv_hub_connected 1.0 */
                    "text/plain": unknown;
                };
            };
            /** @description Neither on the box nor with the token */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    live: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 0f8fad5b-d9cb-469f-a165-70867728950e */
                camera_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LiveVideo"];
                };
            };
            /** @description Sem sessão, ou sessão encerrada */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Sem sessão, ou sessão encerrada."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Não existe */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "Não existe."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedido inválido */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "Pedido inválido."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sem lugar agora; tente de novo */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "Sem lugar agora; tente de novo."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    whepOffer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example dG9rZW4tb2YtYS12aWV3ZXI */
                token: string;
                /** @example 0f8fad5b-d9cb-469f-a165-70867728950e */
                camera_id: string;
                /** @example main */
                quality: "main" | "sub";
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example v=0
                 *     o=- 4611731400430051336 2 IN IP4 127.0.0.1
                 *     s=-
                 *     t=0 0
                 *     m=video 9 UDP/TLS/RTP/SAVPF 96
                 */
                "application/sdp": string;
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example v=0
                     *     o=- 4611731400430051336 2 IN IP4 127.0.0.1
                     *     s=-
                     *     t=0 0
                     *     m=video 9 UDP/TLS/RTP/SAVPF 96
                     */
                    "application/sdp": string;
                };
            };
            /** @description O que se pede não é possível */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "O que se pede não é possível."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description O perfil não permite */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "O perfil não permite."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Não existe */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "Não existe."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description O pedido é grande demais */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Entity Too Large",
                     *       "status": 413,
                     *       "detail": "O pedido é grande demais."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description O formato não serve; com vídeo, toque por HLS */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "O formato não serve; com vídeo, toque por HLS."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedido inválido */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "Pedido inválido."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sem lugar agora; tente de novo */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "Sem lugar agora; tente de novo."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    whepHangUp: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example dG9rZW4tb2YtYS12aWV3ZXI */
                token: string;
                /** @example 0f8fad5b-d9cb-469f-a165-70867728950e */
                camera_id: string;
                /** @example main */
                quality: "main" | "sub";
                /** @example 5f0c2f6d8a7b4e1f9c3d2a1b0e9f8d7c */
                resource_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description O perfil não permite */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "O perfil não permite."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Não existe */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "Não existe."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedido inválido */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "Pedido inválido."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    whepTrickle: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example dG9rZW4tb2YtYS12aWV3ZXI */
                token: string;
                /** @example 0f8fad5b-d9cb-469f-a165-70867728950e */
                camera_id: string;
                /** @example main */
                quality: "main" | "sub";
                /** @example 5f0c2f6d8a7b4e1f9c3d2a1b0e9f8d7c */
                resource_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description O perfil não permite */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "O perfil não permite."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Não existe */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "Não existe."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedido inválido */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "Pedido inválido."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    liveAdaptive: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example dG9rZW4tb2YtYS12aWV3ZXI */
                token: string;
                /** @example 0f8fad5b-d9cb-469f-a165-70867728950e */
                camera_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example #EXTM3U
                     *     #EXT-X-VERSION:7
                     *     #EXT-X-TARGETDURATION:2
                     *     #EXT-X-MEDIA-SEQUENCE:0
                     *     #EXT-X-MAP:URI="segments/1769860800000000.mp4",BYTERANGE="801@0"
                     *     #EXT-X-PROGRAM-DATE-TIME:2026-01-31T12:00:00.000Z
                     *     #EXTINF:2.000,
                     *     #EXT-X-BYTERANGE:1003412@801
                     *     segments/1769860800000000.mp4
                     *     #EXT-X-ENDLIST
                     */
                    "application/vnd.apple.mpegurl": string;
                };
            };
            /** @description O perfil não permite */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "O perfil não permite."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Não existe */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "Não existe."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedido inválido */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "Pedido inválido."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    liveHls: {
        parameters: {
            query?: never;
            header?: {
                /** @example bytes=0-1023 */
                Range?: string;
            };
            path: {
                /** @example dG9rZW4tb2YtYS12aWV3ZXI */
                token: string;
                /** @example 0f8fad5b-d9cb-469f-a165-70867728950e */
                camera_id: string;
                /** @example main */
                quality: "main" | "sub";
                /** @example index.m3u8 */
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example #EXTM3U
                     *     #EXT-X-VERSION:7
                     *     #EXT-X-TARGETDURATION:2
                     *     #EXT-X-MEDIA-SEQUENCE:0
                     *     #EXT-X-MAP:URI="segments/1769860800000000.mp4",BYTERANGE="801@0"
                     *     #EXT-X-PROGRAM-DATE-TIME:2026-01-31T12:00:00.000Z
                     *     #EXTINF:2.000,
                     *     #EXT-X-BYTERANGE:1003412@801
                     *     segments/1769860800000000.mp4
                     *     #EXT-X-ENDLIST
                     */
                    "application/vnd.apple.mpegurl": string;
                };
            };
            /** @description Partial Content */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example AAAAGGZ0eXBpc281AAACAGlzbzVpc282 */
                    "video/mp4": string;
                };
            };
            /** @description O perfil não permite */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "O perfil não permite."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Não existe */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "Não existe."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description O arquivo não tem estes bytes */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Range Not Satisfiable",
                     *       "status": 416,
                     *       "detail": "O arquivo não tem estes bytes."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedido inválido */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "Pedido inválido."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sem lugar agora; tente de novo */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "Sem lugar agora; tente de novo."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    playbackWhep: {
        parameters: {
            query: {
                /**
                 * @description RFC 3339, with offset
                 * @example 2026-01-31T12:00:00Z
                 */
                start: string;
            };
            header?: never;
            path: {
                /** @example 0f8fad5b-d9cb-469f-a165-70867728950e */
                camera_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example v=0
                 *     o=- 4611731400430051336 2 IN IP4 127.0.0.1
                 *     s=-
                 *     t=0 0
                 *     m=video 9 UDP/TLS/RTP/SAVPF 96
                 */
                "application/sdp": string;
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example v=0
                     *     o=- 4611731400430051336 2 IN IP4 127.0.0.1
                     *     s=-
                     *     t=0 0
                     *     m=video 9 UDP/TLS/RTP/SAVPF 96
                     */
                    "application/sdp": string;
                };
            };
            /** @description O que se pede não é possível */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "O que se pede não é possível."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sem sessão, ou sessão encerrada */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Sem sessão, ou sessão encerrada."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Não existe */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "Não existe."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description O pedido é grande demais */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Entity Too Large",
                     *       "status": 413,
                     *       "detail": "O pedido é grande demais."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description O formato não serve; com vídeo, toque por HLS */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "O formato não serve; com vídeo, toque por HLS."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedido inválido */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "Pedido inválido."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedidos demais; Retry-After diz quando voltar */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Pedidos demais; Retry-After diz quando voltar."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sem lugar agora; tente de novo */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "Sem lugar agora; tente de novo."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    playbackHangUp: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 5f0c2f6d8a7b4e1f9c3d2a1b0e9f8d7c */
                resource_id: string;
                /** @example 0f8fad5b-d9cb-469f-a165-70867728950e */
                camera_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sem sessão, ou sessão encerrada */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Sem sessão, ou sessão encerrada."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Não existe */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "Não existe."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Pedido inválido */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "Pedido inválido."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    events: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Switching Protocols; then messages of this shape */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Event"];
                };
            };
            /** @description Sem sessão, ou sessão encerrada */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Sem sessão, ou sessão encerrada."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description O perfil não permite */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "O perfil não permite."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sem lugar agora; tente de novo */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "Sem lugar agora; tente de novo."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
