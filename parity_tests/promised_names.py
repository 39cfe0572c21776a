"""Every public name that the product owes, written out by chapter."""

from __future__ import annotations

# (prefix, names): the chapters at the top first, then torch's other spaces
CHAPTERS: list[tuple[str, str]] = [
    # autograd.func
    ("", "vmap"),
    # device
    ("", "device get_default_device set_default_device"),
    # legacy
    ("", "set_default_tensor_type"),
    # dtypes
    ("", "can_cast dtype get_default_dtype promote_types set_default_dtype"),
    # kernels.threads
    ("", "get_num_threads set_num_threads"),
    # amp
    ("", "autocast clear_autocast_cache get_autocast_dtype"),
    ("", "is_autocast_cache_enabled is_autocast_enabled"),
    ("amp.", "GradScaler autocast"),
    # layouts
    ("", "layout memory_format"),
    # limits
    ("", "finfo iinfo"),
    # modes
    ("", """
        enable_grad inference_mode is_grad_enabled is_inference_mode_enabled
        no_grad set_grad_enabled
    """),
    # ops.activation
    ("", "celu hardshrink prelu rrelu selu threshold"),
    # ops.adaptive_pooling
    ("", "adaptive_avg_pool1d"),
    # ops.arithmetic
    ("", """
        add addcdiv addcmul div divide lerp mul multiply neg negative positive
        reciprocal rsub sub subtract true_divide
    """),
    # ops.bells
    ("", """
        bartlett_window blackman_window hamming_window hann_window
        kaiser_window
    """),
    # ops.combine
    ("", """
        cat chunk column_stack concat concatenate dsplit dstack hsplit hstack
        narrow narrow_copy row_stack select split split_with_sizes stack
        tensor_split unbind vsplit vstack
    """),
    # ops.comparison
    ("", """
        allclose eq equal ge greater greater_equal gt isclose isfinite isinf
        isnan isneginf isposinf le less less_equal lt ne not_equal signbit
    """),
    # ops.complexes
    ("", """
        angle complex conj conj_physical imag is_conj isreal polar real
        resolve_conj resolve_neg view_as_complex view_as_real
    """),
    # ops.convolution
    ("", """
        conv1d conv2d conv3d conv_transpose1d conv_transpose2d
        conv_transpose3d
    """),
    # ops.copies
    ("", """
        alias_copy as_strided_copy diagonal_copy expand_copy permute_copy
        slice_copy split_copy split_with_sizes_copy squeeze_copy t_copy
        transpose_copy unbind_copy unfold_copy unsafe_chunk unsafe_split
        unsafe_split_with_sizes unsqueeze_copy view_copy
    """),
    # ops.creation
    ("", """
        as_tensor asarray empty empty_like empty_strided from_numpy full
        full_like ones ones_like scalar_tensor tensor zeros zeros_like
    """),
    # ops.decompositions
    ("", "svd"),
    # ops.describe
    ("", "numel"),
    # ops.diagonal
    ("", """
        diag diag_embed diagflat diagonal diagonal_scatter select_scatter
        slice_scatter trace tril tril_indices triu triu_indices
    """),
    # ops.distance
    ("", "cdist cosine_similarity pairwise_distance pdist"),
    # ops.division
    ("", """
        bitwise_left_shift bitwise_right_shift floor_divide fmod gcd lcm
        remainder
    """),
    # ops.dropout
    ("", "alpha_dropout dropout feature_alpha_dropout feature_dropout"),
    # ops.einsum
    ("", "einsum tensordot"),
    # ops.elimination
    ("", "lu lu_solve lu_unpack"),
    # ops.embedding
    ("", "embedding embedding_renorm_"),
    # ops.extremes
    ("", "amax amin aminmax argmax argmin max min"),
    # ops.gather
    ("", "gather scatter scatter_add scatter_reduce"),
    # ops.lift
    ("", """
        atleast_1d atleast_2d atleast_3d broadcast_shapes broadcast_tensors
    """),
    # ops.linalg
    ("", "cholesky_inverse cholesky_solve det inverse logdet slogdet"),
    # ops.linear
    ("", "bilinear"),
    # ops.logarithms
    ("", "frexp ldexp logaddexp logaddexp2 xlogy"),
    # ops.logic
    ("", """
        bitwise_and bitwise_not bitwise_or bitwise_xor logical_and logical_not
        logical_or logical_xor
    """),
    # ops.low_rank
    ("", "pca_lowrank svd_lowrank"),
    # ops.masked
    ("", """
        argwhere masked_fill masked_scatter masked_select nonzero
        nonzero_static where
    """),
    # ops.matmul
    ("", """
        addbmm addmm addmv addr baddbmm bmm chain_matmul dot ger inner kron
        matmul mm mv outer vdot
    """),
    # ops.matrices
    ("", "cross matrix_exp matrix_power pinverse vander"),
    # ops.minmax
    ("", "clamp clamp_max clamp_min clip fmax fmin maximum minimum"),
    # ops.native
    ("", "native_batch_norm native_group_norm native_layer_norm"),
    # ops.normalization
    ("", "batch_norm group_norm instance_norm layer_norm rms_norm"),
    # ops.norms
    ("", "dist norm"),
    # ops.oddments
    ("", "frombuffer nextafter renorm unravel_index"),
    # ops.operands
    ("", "result_type"),
    # ops.padding
    ("", "constant_pad_nd"),
    # ops.pointwise
    ("", """
        abs absolute deg2rad exp exp2 expm1 log log10 log1p log2 logit
        nan_to_num rad2deg relu rsqrt sgn sigmoid sign sqrt
    """),
    # ops.pooling
    ("", """
        avg_pool1d max_pool1d max_pool1d_with_indices max_pool2d max_pool3d
    """),
    # ops.powers
    ("", "float_power pow square"),
    # ops.recurrence
    ("", "gru_cell lstm_cell rnn_relu_cell rnn_tanh_cell"),
    # ops.reduction
    ("", "all any count_nonzero mean nanmean nansum prod sum"),
    # ops.reflections
    ("", "geqrf orgqr ormqr"),
    # ops.repeat
    ("", """
        block_diag cartesian_prod combinations flip fliplr flipud meshgrid
        repeat_interleave roll rot90 tile
    """),
    # ops.reshaping
    ("", "resize_as_"),
    # ops.rounding
    ("", "ceil copysign fix floor frac heaviside round trunc"),
    # ops.sampling
    ("", "rand rand_like randint randint_like randn randn_like randperm"),
    # ops.scan
    ("", """
        cummax cummin cumprod cumsum cumulative_trapezoid diff logcumsumexp
        trapezoid trapz
    """),
    # ops.selecting
    ("", """
        index_add index_copy index_fill index_put index_select put take
        take_along_dim
    """),
    # ops.sequences
    ("", "arange eye linspace logspace range"),
    # ops.shape
    ("", """
        adjoint broadcast_to clone flatten moveaxis movedim permute ravel
        reshape squeeze swapaxes swapdims t transpose unflatten unsqueeze
    """),
    # ops.short_time
    ("", "istft stft"),
    # ops.shuffling
    ("", "channel_shuffle pixel_shuffle pixel_unshuffle"),
    # ops.softmax
    ("", "log_softmax logsumexp softmax"),
    # ops.sorting
    ("", """
        argsort bucketize isin kthvalue median mode msort nanmedian
        searchsorted sort topk
    """),
    # ops.special
    ("", "digamma erf erfc erfinv i0 lgamma mvlgamma polygamma"),
    # ops/incomplete
    ("", "igamma igammac"),
    # ops.statistics
    ("", """
        bincount corrcoef cov histc histogram histogramdd nanquantile quantile
        std std_mean var var_mean
    """),
    # ops.strides
    ("", "as_strided as_strided_scatter"),
    # ops.copies, ops.inplace, ops.selecting, ops.slopes
    ("", """
        alias_copy as_strided_copy diagonal_copy empty_permuted expand_copy
        fill gradient index_reduce
    """),
    # ops.triangular
    ("", "triangular_solve"),
    # ops.trigonometry
    ("", """
        acos acosh arccos arccosh arcsin arcsinh arctan arctan2 arctanh asin
        asinh atan atan2 atanh cos cosh hypot sin sinc sinh tan tanh
    """),
    # ops.unique
    ("", "unique unique_consecutive"),
    # ops.variates
    ("", "bernoulli binomial multinomial normal poisson"),
    # printing
    ("", "set_printoptions"),
    # queries
    ("", """
        are_deterministic_algorithms_enabled compile
        get_float32_matmul_precision is_anomaly_check_nan_enabled
        is_anomaly_enabled is_inference is_nonzero is_tensor
        set_anomaly_enabled set_float32_matmul_precision typename
        use_deterministic_algorithms
    """),
    # random
    ("", """
        Generator get_rng_state initial_seed manual_seed seed set_rng_state
    """),
    # serialization.checkpoint
    ("", "load save"),
    # size
    ("", "Size"),
    # tensor
    ("", "Tensor"),
    ("autograd.", """
        Function Variable backward detect_anomaly enable_grad grad gradcheck
        gradgradcheck inference_mode no_grad set_detect_anomaly
        set_grad_enabled
    """),
    ("autograd.functional.", "hessian hvp jacobian jvp vhp vjp"),
    ("distributions.", """
        AbsTransform AffineTransform Bernoulli Beta Binomial CatTransform
        Categorical Cauchy Chi2 ComposeTransform ContinuousBernoulli
        CorrCholeskyTransform CumulativeDistributionTransform Dirichlet
        Distribution ExpTransform Exponential ExponentialFamily
        FisherSnedecor Gamma GeneralizedPareto Geometric Gumbel HalfCauchy
        HalfNormal Independent IndependentTransform InverseGamma Kumaraswamy
        LKJCholesky Laplace LogNormal LogisticNormal
        LowRankMultivariateNormal LowerCholeskyTransform MixtureSameFamily
        Multinomial MultivariateNormal NegativeBinomial Normal
        OneHotCategorical OneHotCategoricalStraightThrough Pareto Poisson
        PositiveDefiniteTransform PowerTransform RelaxedBernoulli
        RelaxedOneHotCategorical ReshapeTransform SigmoidTransform
        SoftmaxTransform SoftplusTransform StackTransform
        StickBreakingTransform StudentT TanhTransform Transform
        TransformedDistribution Uniform VonMises Weibull Wishart biject_to
        identity_transform kl_divergence register_kl transform_to
    """),
    ("func.", """
        functional_call grad grad_and_value hessian jacfwd jacrev jvp
        linearize stack_module_state vjp vmap
    """),
    ("linalg.", """
        LinAlgError cholesky cholesky_ex cond cross det diagonal eig eigh
        eigvals eigvalsh householder_product inv inv_ex ldl_factor
        ldl_factor_ex ldl_solve lstsq lu lu_factor lu_factor_ex lu_solve
        matmul matrix_exp matrix_norm matrix_power matrix_rank matrix_sqrth
        multi_dot norm pinv polar qr slogdet solve solve_ex solve_triangular
        svd svdvals tensorinv tensorsolve vander vecdot vector_norm
    """),
    ("masked.", """
        amax amin argmax argmin cumprod cumsum log_softmax logaddexp logsumexp
        mean median norm normalize prod softmax softmin std sum var
    """),
    ("nn.", """
        AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d
        AdaptiveMaxPool1d AdaptiveMaxPool2d AdaptiveMaxPool3d AlphaDropout
        AvgPool1d AvgPool2d AvgPool3d BCELoss BCEWithLogitsLoss BatchNorm1d
        BatchNorm2d BatchNorm3d Bilinear Buffer CELU CTCLoss ChannelShuffle
        CircularPad1d CircularPad2d CircularPad3d ConstantPad1d ConstantPad2d
        ConstantPad3d Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d
        ConvTranspose3d CosineEmbeddingLoss CosineSimilarity CrossEntropyLoss
        Dropout Dropout1d Dropout2d Dropout3d ELU Embedding EmbeddingBag
        FeatureAlphaDropout Flatten Fold GELU GLU GRU GRUCell GaussianNLLLoss
        GroupNorm Hardshrink Hardsigmoid Hardswish Hardtanh HingeEmbeddingLoss
        HuberLoss Identity InstanceNorm1d InstanceNorm2d InstanceNorm3d
        KLDivLoss L1Loss LPPool1d LPPool2d LPPool3d LSTM LSTMCell LayerNorm
        LeakyReLU Linear LocalResponseNorm LogSigmoid LogSoftmax MSELoss
        MarginRankingLoss MaxPool1d MaxPool2d MaxPool3d MaxUnpool1d
        MaxUnpool2d MaxUnpool3d Mish Module ModuleDict ModuleList
        MultiLabelMarginLoss MultiLabelSoftMarginLoss MultiMarginLoss
        MultiheadAttention NLLLoss NLLLoss2d PReLU PairwiseDistance Parameter
        ParameterDict ParameterList PixelShuffle PixelUnshuffle PoissonNLLLoss
        RMSNorm RNN RNNBase RNNCell RNNCellBase RReLU ReLU ReLU6
        ReflectionPad1d ReflectionPad2d ReflectionPad3d ReplicationPad1d
        ReplicationPad2d ReplicationPad3d SELU Sequential SiLU Sigmoid
        SmoothL1Loss SoftMarginLoss Softmax Softmax2d Softmin Softplus
        Softshrink Softsign SyncBatchNorm Tanh Tanhshrink Threshold
        Transformer TransformerDecoder TransformerDecoderLayer
        TransformerEncoder TransformerEncoderLayer TripletMarginLoss
        TripletMarginWithDistanceLoss Unflatten Unfold Upsample
        UpsamplingBilinear2d UpsamplingNearest2d ZeroPad1d ZeroPad2d ZeroPad3d
    """),
    ("nn.", """
        AdaptiveLogSoftmaxWithLoss FractionalMaxPool2d FractionalMaxPool3d
        LinearCrossEntropyLoss LinearCrossEntropyOptions
    """),
    ("nn.functional.", """
        adaptive_max_pool1d_with_indices adaptive_max_pool2d_with_indices
        adaptive_max_pool3d_with_indices fractional_max_pool2d
        fractional_max_pool2d_with_indices fractional_max_pool3d
        fractional_max_pool3d_with_indices linear_cross_entropy
        max_pool3d_with_indices pdist
    """),
    ("nn.", """
        LazyBatchNorm1d LazyBatchNorm2d LazyBatchNorm3d LazyConv1d LazyConv2d
        LazyConv3d LazyConvTranspose1d LazyConvTranspose2d
        LazyConvTranspose3d LazyInstanceNorm1d LazyInstanceNorm2d
        LazyInstanceNorm3d LazyLinear UninitializedBuffer
        UninitializedParameter
    """),
    ("nn.functional.", """
        adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d
        adaptive_max_pool1d adaptive_max_pool2d adaptive_max_pool3d
        affine_grid ctc_loss grid_sample
        alpha_dropout avg_pool1d avg_pool2d avg_pool3d batch_norm bilinear
        binary_cross_entropy binary_cross_entropy_with_logits celu celu_
        channel_shuffle conv1d conv2d conv3d conv_transpose1d conv_transpose2d
        conv_transpose3d cosine_embedding_loss cosine_similarity cross_entropy
        dropout dropout1d dropout2d dropout3d elu elu_ embedding embedding_bag
        feature_alpha_dropout fold gaussian_nll_loss gelu glu group_norm
        gumbel_softmax hardshrink hardsigmoid hardswish hardtanh hardtanh_
        hinge_embedding_loss huber_loss instance_norm interpolate kl_div
        l1_loss layer_norm leaky_relu leaky_relu_ linear local_response_norm
        log_softmax logsigmoid lp_pool1d lp_pool2d lp_pool3d
        margin_ranking_loss max_pool1d max_pool1d_with_indices max_pool2d
        max_pool2d_with_indices max_pool3d max_unpool1d max_unpool2d
        max_unpool3d mish mse_loss multi_head_attention_forward
        multi_margin_loss multilabel_margin_loss multilabel_soft_margin_loss
        nll_loss normalize one_hot pad
        pairwise_distance pixel_shuffle pixel_unshuffle poisson_nll_loss prelu
        relu relu6 relu_ rms_norm rrelu rrelu_ scaled_dot_product_attention
        selu selu_ sigmoid silu
        smooth_l1_loss soft_margin_loss softmax softmin softplus softshrink
        softsign tanh tanhshrink threshold threshold_ triplet_margin_loss
        triplet_margin_with_distance_loss unfold upsample upsample_bilinear
        upsample_nearest
    """),
    ("nn.init.", """
        calculate_gain constant constant_ dirac dirac_ eye eye_ kaiming_normal
        kaiming_normal_ kaiming_uniform kaiming_uniform_ normal normal_ ones_
        orthogonal orthogonal_ sparse sparse_ trunc_normal_ uniform uniform_
        xavier_normal xavier_normal_ xavier_uniform xavier_uniform_ zeros_
    """),
    ("fft.", """
        fft fft2 fftfreq fftn fftshift hfft hfft2 hfftn ifft ifft2 ifftn
        ifftshift ihfft ihfft2 ihfftn irfft irfft2 irfftn rfft rfft2 rfftfreq
        rfftn
    """),
    ("nn.utils.", """
        clip_grad_norm fuse_conv_bn_eval fuse_conv_bn_weights
        fuse_linear_bn_eval fuse_linear_bn_weights skip_init
        clip_grad_norm_ clip_grad_value_ clip_grads_with_norm_ get_total_norm
        parameters_to_vector remove_spectral_norm remove_weight_norm
        spectral_norm vector_to_parameters weight_norm
    """),
    ("nn.utils.parametrizations.", "spectral_norm weight_norm"),
    ("nn.utils.parametrize.", """
        ParametrizationList cached is_parametrized register_parametrization
        remove_parametrizations transfer_parametrizations_and_params
        type_before_parametrizations
    """),
    ("nn.utils.rnn.", """
        PackedSequence invert_permutation pack_padded_sequence pack_sequence
        pad_packed_sequence pad_sequence unpack_sequence unpad_sequence
    """),
    ("optim.", """
        ASGD Adadelta Adafactor Adagrad Adam AdamW Adamax LBFGS NAdam
        Optimizer RAdam RMSprop Rprop SGD
    """),
    ("optim.lr_scheduler.", """
        ChainedScheduler ConstantLR CosineAnnealingLR
        CosineAnnealingWarmRestarts CyclicLR ExponentialLR LRScheduler
        LambdaLR LinearLR MultiStepLR MultiplicativeLR OneCycleLR PolynomialLR
        ReduceLROnPlateau SequentialLR StepLR
    """),
    ("signal.windows.", """
        bartlett blackman cosine exponential gaussian general_cosine
        general_hamming hamming hann kaiser nuttall
    """),
    ("special.", """
        airy_ai bessel_j0 bessel_j1 bessel_y0 bessel_y1 chebyshev_polynomial_t
        chebyshev_polynomial_u chebyshev_polynomial_v chebyshev_polynomial_w
        digamma entr erf erfc erfcx erfinv exp2 expit expm1 gammainc
        gammaincc gammaln
        hermite_polynomial_h hermite_polynomial_he i0 i0e i1 i1e
        laguerre_polynomial_l legendre_polynomial_p log1p log_ndtr log_softmax
        logit logsumexp modified_bessel_i0 modified_bessel_i1
        modified_bessel_k0 modified_bessel_k1 multigammaln ndtr ndtri
        polygamma psi round scaled_modified_bessel_k0
        scaled_modified_bessel_k1 shifted_chebyshev_polynomial_t
        shifted_chebyshev_polynomial_u shifted_chebyshev_polynomial_v
        shifted_chebyshev_polynomial_w sinc softmax spherical_bessel_j0
        xlog1py xlogy zeta
    """),
    ("utils.data.", """
        BatchSampler ChainDataset ConcatDataset DataLoader Dataset
        DistributedSampler
        IterableDataset RandomSampler Sampler SequentialSampler StackDataset
        Subset SubsetRandomSampler TensorDataset WeightedRandomSampler
        default_collate default_convert get_worker_info random_split
    """),
    ("vision.transforms.", """
        CenterCrop ColorJitter Compose ConvertImageDtype Grayscale Lambda
        Normalize PILToTensor Pad RandomApply RandomCrop RandomHorizontalFlip
        RandomResizedCrop RandomVerticalFlip Resize ToDtype ToImage ToPILImage
        ToTensor
    """),
    ("Tensor.", """
        H T abs abs_ absolute absolute_ acos acos_ acosh acosh_ add add_
        addbmm addbmm_ addcdiv addcdiv_ addcmul addcmul_ addmm addmm_ addmv
        addmv_ addr addr_ adjoint all allclose amax amin aminmax angle any
        arccos arccos_ arccosh arccosh_ arcsin arcsin_ arcsinh arcsinh_ arctan
        arctan2 arctan2_ arctan_ arctanh arctanh_ argmax argmin argsort
        argwhere as_strided asin asin_ asinh asinh_ atan atan2 atan2_ atan_
        atanh atanh_ backward baddbmm baddbmm_ bernoulli bernoulli_ bincount
        bitwise_and bitwise_and_ bitwise_left_shift bitwise_left_shift_
        bitwise_not bitwise_not_ bitwise_or bitwise_or_ bitwise_right_shift
        bitwise_right_shift_ bitwise_xor bitwise_xor_ bmm bool broadcast_to
        byte cauchy_ cdouble ceil ceil_ cfloat char cholesky_inverse
        cholesky_solve chunk clamp clamp_ clamp_max clamp_max_ clamp_min
        clamp_min_ clip clip_ clone conj conj_physical contiguous copy_
        copysign copysign_ corrcoef cos cos_ cosh cosh_ count_nonzero cov cpu
        cross cuda cummax cummin cumprod cumprod_ cumsum cumsum_ data data_ptr
        deg2rad deg2rad_ det detach detach_ device diag diag_embed diagflat
        diagonal diagonal_scatter diff digamma digamma_ dim dist div div_
        divide divide_ dot double dsplit dtype element_size eq eq_ equal erf
        erf_ erfc erfc_ erfinv erfinv_ exp exp2 exp2_ exp_ expand expand_as
        expm1 expm1_ exponential_ fill_ fill_diagonal_ fix fix_ flatten flip
        fliplr flipud float float_power float_power_ floor floor_ floor_divide
        floor_divide_ fmax fmin fmod fmod_ frac frac_ frexp gather gcd gcd_ ge
        ge_ geometric_ geqrf ger get_device grad grad_fn greater greater_
        greater_equal greater_equal_ gt gt_ half hardshrink heaviside
        heaviside_ histc hsplit hypot hypot_ i0 i0_ igamma igamma_ igammac
        igammac_ imag index_add index_add_ index_copy index_copy_ index_fill
        index_fill_ index_put index_put_ index_select inner int inverse
        is_complex is_conj is_contiguous is_cpu is_cuda is_floating_point
        is_leaf is_meta is_mps is_nonzero is_pinned is_quantized is_shared
        is_signed is_sparse isclose isfinite isinf isnan isneginf isposinf
        isreal item itemsize kron kthvalue layout lcm lcm_ ldexp ldexp_ le le_
        lerp lerp_ less less_ less_equal less_equal_ lgamma lgamma_ log log10
        log10_ log1p log1p_ log2 log2_ log_ log_normal_ log_softmax logaddexp
        logaddexp2 logcumsumexp logdet logical_and logical_and_ logical_not
        logical_not_ logical_or logical_or_ logical_xor logical_xor_ logit
        logit_ logsumexp long lt lt_ lu lu_solve mH mT masked_fill
        masked_fill_ masked_scatter masked_scatter_ masked_select matmul
        matrix_exp matrix_power max maximum mean median min minimum mm mode
        moveaxis movedim msort mul mul_ multinomial multiply multiply_ mv
        mvlgamma mvlgamma_ nan_to_num nan_to_num_ nanmean nanmedian
        nanquantile nansum narrow narrow_copy nbytes ndim ndimension ne ne_
        neg neg_ negative negative_ nelement new_empty new_full new_ones
        new_tensor new_zeros nonzero norm normal_ not_equal not_equal_ numel
        numpy orgqr ormqr outer output_nr permute pin_memory pinverse
        polygamma polygamma_ positive pow pow_ prelu prod put_ quantile
        rad2deg rad2deg_ random_ ravel real reciprocal reciprocal_
        register_hook register_post_accumulate_grad_hook relu relu_ remainder
        remainder_ repeat repeat_interleave requires_grad requires_grad_
        reshape reshape_as resolve_conj resolve_neg retain_grad retains_grad
        roll rot90 round round_ rsqrt rsqrt_ scatter scatter_ scatter_add
        scatter_add_ scatter_reduce scatter_reduce_ select select_scatter sgn
        sgn_ shape share_memory_ short sigmoid sigmoid_ sign sign_ signbit sin
        sin_ sinc sinc_ sinh sinh_ size slice_scatter slogdet softmax sort
        split split_with_sizes sqrt sqrt_ square square_ squeeze std
        storage_offset stride sub sub_ subtract subtract_ sum svd swapaxes
        swapdims t take take_along_dim tan tan_ tanh tanh_ tensor_split tile
        to tolist topk trace transpose tril tril_ triu triu_ true_divide
        true_divide_ trunc trunc_ type type_as unbind unflatten unfold
        uniform_ unique unique_consecutive unsqueeze var vdot view view_as
        vsplit where xlogy xlogy_ zero_
    """),
]

NAMES: list[str] = [prefix + word for prefix, words in CHAPTERS
                    for word in words.split()]
